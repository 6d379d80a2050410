"""The reads of subscriptions that are written by hand, one name each: those of every page, form and step."""

from processes.store.statements import Statement

HEADERS = Statement(
    postgresql="""
SELECT s.id, s.product_version_id, s.description, s.status, s.insync, s.customer_id, s.note, s.start_date, s.end_date,
       s.version, p.id, p.name, p.product_type, p.tag, p.status, p.description
FROM subscriptions_subscription s JOIN products_product p ON p.id = s.product_id
WHERE s.id = ANY(%(ids)s)
""",
    sqlite="""
SELECT s.id, s.product_version_id, s.description, s.status, s.insync, s.customer_id, s.note, s.start_date, s.end_date,
       s.version, p.id, p.name, p.product_type, p.tag, p.status, p.description
FROM subscriptions_subscription s JOIN products_product p ON p.id = s.product_id
WHERE s.id IN (SELECT value FROM json_each(%(ids)s))
""",
)
"""Subscriptions with what their trees say of the product."""

LISTED = Statement(
    postgresql="""
SELECT s.id, s.description, s.status, s.insync, s.customer_id, s.note, s.start_date, s.end_date, s.version,
       p.id, p.name, p.description, p.product_type, p.tag, p.status, p.created_at, p.end_date, c.fullname, c.shortcode
FROM subscriptions_subscription s
JOIN products_product p ON p.id = s.product_id
JOIN subscriptions_customer c ON c.id = s.customer_id
WHERE s.id = ANY(%(ids)s)
""",
    sqlite="""
SELECT s.id, s.description, s.status, s.insync, s.customer_id, s.note, s.start_date, s.end_date, s.version,
       p.id, p.name, p.description, p.product_type, p.tag, p.status, p.created_at, p.end_date, c.fullname, c.shortcode
FROM subscriptions_subscription s
JOIN products_product p ON p.id = s.product_id
JOIN subscriptions_customer c ON c.id = s.customer_id
WHERE s.id IN (SELECT value FROM json_each(%(ids)s))
""",
)
"""Subscriptions as lists show them, in no order."""

# UNION, not UNION ALL, ends the reach where subscriptions refer to each other in a circle. The relations are read by
# two halves, each by its own index: no index serves both sides of an OR, and every relation there is would be read.
TREES = Statement(
    postgresql="""
WITH RECURSIVE reach(id) AS (
    SELECT id FROM subscriptions_blockinstance WHERE subscription_id = ANY(%(ids)s)
    UNION
    SELECT r.child_id FROM subscriptions_instancerelation r JOIN reach ON r.parent_id = reach.id
)
SELECT i.id, i.subscription_id, i.block_name, i.label, i."values", s.description, s.status, s.product_version_id,
       NULL::uuid, 0, 0
FROM reach
JOIN subscriptions_blockinstance i ON i.id = reach.id
JOIN subscriptions_subscription s ON s.id = i.subscription_id
UNION ALL
SELECT r.parent_id, r.subscription_id, r.attribute, NULL, NULL, NULL, NULL, NULL, r.child_id, r.position, r.id
FROM reach JOIN subscriptions_instancerelation r ON r.parent_id = reach.id
UNION ALL
SELECT NULL, r.subscription_id, r.attribute, NULL, NULL, NULL, NULL, NULL, r.child_id, r.position, r.id
FROM subscriptions_instancerelation r WHERE r.parent_id IS NULL AND r.subscription_id = ANY(%(ids)s)
ORDER BY 10, 11
""",
    sqlite="""
WITH RECURSIVE reach(id) AS (
    SELECT id FROM subscriptions_blockinstance WHERE subscription_id IN (SELECT value FROM json_each(%(ids)s))
    UNION
    SELECT r.child_id FROM subscriptions_instancerelation r JOIN reach ON r.parent_id = reach.id
)
SELECT i.id, i.subscription_id, i.block_name, i.label, i."values", s.description, s.status, s.product_version_id,
       NULL, 0, 0
FROM reach
JOIN subscriptions_blockinstance i ON i.id = reach.id
JOIN subscriptions_subscription s ON s.id = i.subscription_id
UNION ALL
SELECT r.parent_id, r.subscription_id, r.attribute, NULL, NULL, NULL, NULL, NULL, r.child_id, r.position, r.id
FROM reach JOIN subscriptions_instancerelation r ON r.parent_id = reach.id
UNION ALL
SELECT NULL, r.subscription_id, r.attribute, NULL, NULL, NULL, NULL, NULL, r.child_id, r.position, r.id
FROM subscriptions_instancerelation r
WHERE r.parent_id IS NULL AND r.subscription_id IN (SELECT value FROM json_each(%(ids)s))
ORDER BY 10, 11
""",
)
"""Every block that subscriptions reach, with its owner, then the relations between them, in order of position.

A block has id, owner, kind, label, values and of its owner description, status and model; a relation has parent (none
for a root), subscription, attribute, child and position.
"""

USERS = Statement(
    postgresql="""
SELECT child_id, parent_id, subscription_id FROM subscriptions_instancerelation
WHERE child_id = ANY(%(ids)s) AND parent_id IS NOT NULL ORDER BY id
""",
    sqlite="""
SELECT child_id, parent_id, subscription_id FROM subscriptions_instancerelation
WHERE child_id IN (SELECT value FROM json_each(%(ids)s)) AND parent_id IS NOT NULL ORDER BY id
""",
)
"""The blocks that refer to blocks: user, and the subscription that it belongs to."""

CANDIDATE = Statement(
    postgresql="""
SELECT 0, s.id, s.description, s.insync, s.status, p.name, s.version, s.product_id, s.customer_id, 0
FROM subscriptions_subscription s JOIN products_product p ON p.id = s.product_id
WHERE s.id = ANY(%(ids)s)
UNION ALL
SELECT 1, NULL, '', NULL, o.target, o.workflow_name, o.id, NULL, NULL, o.position
FROM subscriptions_subscription s JOIN products_productworkflow o ON o.product_id = s.product_id
WHERE s.id = ANY(%(ids)s)
UNION ALL
SELECT DISTINCT 2, u.id, u.description, u.insync, NULL, NULL, 0, NULL::uuid, NULL::text, 0
FROM subscriptions_blockinstance b
JOIN subscriptions_instancerelation r ON r.child_id = b.id
JOIN subscriptions_subscription u ON u.id = r.subscription_id
WHERE b.subscription_id = ANY(%(ids)s)
  AND u.id <> b.subscription_id AND u.status <> 'terminated' AND (%(with_users)s OR NOT u.insync)
UNION ALL
SELECT DISTINCT 3, o.id, o.description, o.insync, NULL, NULL, 0, NULL::uuid, NULL::text, 0
FROM subscriptions_instancerelation r
JOIN subscriptions_blockinstance b ON b.id = r.child_id
JOIN subscriptions_subscription o ON o.id = b.subscription_id
WHERE r.subscription_id = ANY(%(ids)s)
  AND o.id <> r.subscription_id AND o.status <> 'terminated' AND NOT o.insync
UNION ALL
SELECT 4, p.id, COALESCE(NULLIF(w.description, ''), p.workflow_name), NULL, NULL, NULL, 0, NULL::uuid, NULL::text, 0
FROM processes_resourcelock l
JOIN processes_process p ON p.id = l.process_id
JOIN processes_workflowversion v ON v.id = p.workflow_version_id
JOIN processes_workflow w ON w.id = v.workflow_id
WHERE l.resource = %(resource)s
UNION ALL
SELECT 5, NULL::uuid, '', NULL, NULL, NULL, 0, NULL::uuid, NULL::text, 0
FROM processes_enginesettings e WHERE e.id = 1 AND e.paused_at IS NOT NULL
ORDER BY 1, 10, 3, 7, 2
""",
    sqlite="""
SELECT 0, s.id, s.description, s.insync, s.status, p.name, s.version, s.product_id, s.customer_id, 0
FROM subscriptions_subscription s JOIN products_product p ON p.id = s.product_id
WHERE s.id IN (SELECT value FROM json_each(%(ids)s))
UNION ALL
SELECT 1, NULL, '', NULL, o.target, o.workflow_name, o.id, NULL, NULL, o.position
FROM subscriptions_subscription s JOIN products_productworkflow o ON o.product_id = s.product_id
WHERE s.id IN (SELECT value FROM json_each(%(ids)s))
UNION ALL
SELECT DISTINCT 2, u.id, u.description, u.insync, NULL, NULL, 0, NULL, NULL, 0
FROM subscriptions_blockinstance b
JOIN subscriptions_instancerelation r ON r.child_id = b.id
JOIN subscriptions_subscription u ON u.id = r.subscription_id
WHERE b.subscription_id IN (SELECT value FROM json_each(%(ids)s))
  AND u.id <> b.subscription_id AND u.status <> 'terminated' AND (%(with_users)s OR NOT u.insync)
UNION ALL
SELECT DISTINCT 3, o.id, o.description, o.insync, NULL, NULL, 0, NULL, NULL, 0
FROM subscriptions_instancerelation r
JOIN subscriptions_blockinstance b ON b.id = r.child_id
JOIN subscriptions_subscription o ON o.id = b.subscription_id
WHERE r.subscription_id IN (SELECT value FROM json_each(%(ids)s))
  AND o.id <> r.subscription_id AND o.status <> 'terminated' AND NOT o.insync
UNION ALL
SELECT 4, p.id, COALESCE(NULLIF(w.description, ''), p.workflow_name), NULL, NULL, NULL, 0, NULL, NULL, 0
FROM processes_resourcelock l
JOIN processes_process p ON p.id = l.process_id
JOIN processes_workflowversion v ON v.id = p.workflow_version_id
JOIN processes_workflow w ON w.id = v.workflow_id
WHERE l.resource = %(resource)s
UNION ALL
SELECT 5, NULL, '', NULL, NULL, NULL, 0, NULL, NULL, 0
FROM processes_enginesettings e WHERE e.id = 1 AND e.paused_at IS NOT NULL
ORDER BY 1, 10, 3, 7, 2
""",
)
"""One subscription (0), the workflows that its product offers (1), live ones that use it (2): all of them, or those
that are out of sync, live ones out of sync that it uses (3), the process that holds the lock `resource` (4), and
whether the engine is paused (5).

Each has kind, id, description, in sync, status or target, product or workflow; the first also version, product and
customer.
"""

RELATED = Statement(
    postgresql="""
SELECT * FROM (
    SELECT DISTINCT 0 AS kind, o.id, o.description, o.status, o.insync, p.name, NULL::uuid AS block, 0 AS users
    FROM subscriptions_instancerelation r
    JOIN subscriptions_blockinstance b ON b.id = r.child_id
    JOIN subscriptions_subscription o ON o.id = b.subscription_id
    JOIN products_product p ON p.id = o.product_id
    WHERE r.subscription_id = ANY(%(ids)s) AND o.id <> r.subscription_id
    ORDER BY o.description, o.id LIMIT 50
) uses
UNION ALL
SELECT * FROM (
    SELECT DISTINCT 1 AS kind, u.id, u.description, u.status, u.insync, p.name, NULL::uuid AS block, 0 AS users
    FROM subscriptions_blockinstance b
    JOIN subscriptions_instancerelation r ON r.child_id = b.id
    JOIN subscriptions_subscription u ON u.id = r.subscription_id
    JOIN products_product p ON p.id = u.product_id
    WHERE b.subscription_id = ANY(%(ids)s) AND u.id <> b.subscription_id
    ORDER BY u.description, u.id LIMIT 50
) users
UNION ALL
SELECT 2, id, description, status, insync, '', block, users FROM (
    SELECT u.id, u.description, u.status, u.insync, r.block,
           ROW_NUMBER() OVER (PARTITION BY r.block ORDER BY u.description, u.id) AS place,
           COUNT(*) OVER (PARTITION BY r.block) AS users
    FROM (
        SELECT DISTINCT b.id AS block, r.subscription_id
        FROM subscriptions_blockinstance b JOIN subscriptions_instancerelation r ON r.child_id = b.id
        WHERE b.subscription_id = ANY(%(ids)s) AND r.subscription_id <> b.subscription_id
    ) r
    JOIN subscriptions_subscription u ON u.id = r.subscription_id
    WHERE u.status <> 'terminated'
) of_blocks
WHERE place <= 10
ORDER BY 1, 3, 2
""",
    sqlite="""
SELECT * FROM (
    SELECT DISTINCT 0 AS kind, o.id, o.description, o.status, o.insync, p.name, NULL AS block, 0 AS users
    FROM subscriptions_instancerelation r
    JOIN subscriptions_blockinstance b ON b.id = r.child_id
    JOIN subscriptions_subscription o ON o.id = b.subscription_id
    JOIN products_product p ON p.id = o.product_id
    WHERE r.subscription_id IN (SELECT value FROM json_each(%(ids)s)) AND o.id <> r.subscription_id
    ORDER BY o.description, o.id LIMIT 50
) uses
UNION ALL
SELECT * FROM (
    SELECT DISTINCT 1 AS kind, u.id, u.description, u.status, u.insync, p.name, NULL AS block, 0 AS users
    FROM subscriptions_blockinstance b
    JOIN subscriptions_instancerelation r ON r.child_id = b.id
    JOIN subscriptions_subscription u ON u.id = r.subscription_id
    JOIN products_product p ON p.id = u.product_id
    WHERE b.subscription_id IN (SELECT value FROM json_each(%(ids)s)) AND u.id <> b.subscription_id
    ORDER BY u.description, u.id LIMIT 50
) users
UNION ALL
SELECT 2, id, description, status, insync, '', block, users FROM (
    SELECT u.id, u.description, u.status, u.insync, r.block,
           ROW_NUMBER() OVER (PARTITION BY r.block ORDER BY u.description, u.id) AS place,
           COUNT(*) OVER (PARTITION BY r.block) AS users
    FROM (
        SELECT DISTINCT b.id AS block, r.subscription_id
        FROM subscriptions_blockinstance b JOIN subscriptions_instancerelation r ON r.child_id = b.id
        WHERE b.subscription_id IN (SELECT value FROM json_each(%(ids)s)) AND r.subscription_id <> b.subscription_id
    ) r
    JOIN subscriptions_subscription u ON u.id = r.subscription_id
    WHERE u.status <> 'terminated'
) of_blocks
WHERE place <= 10
ORDER BY 1, 3, 2
""",
)
"""Fifty that a subscription uses (0), fifty that use it (1), and of each of its blocks ten live users (2).

Each has kind, id, description, status, in sync and product; the last also the block and how many live ones use it.
"""
