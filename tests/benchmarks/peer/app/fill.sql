-- What tests/benchmarks/seed.py gives to ours, in the tables of orchestrator-core 5.5: 50 000 subscriptions, 10 000 processes.
SET session_replication_role = replica;
INSERT INTO products (product_id, name, description, product_type, tag, status)
  SELECT md5('product-' || n)::uuid, 'access ' || n, 'A connection of kind ' || n, 'Access', 'ACC' || n, 'active' FROM generate_series(1, 5) n;
INSERT INTO product_blocks (product_block_id, name, description, tag, status) VALUES
  (md5('Access')::uuid, 'Access', 'Where a customer is connected.', 'ACCESS', 'active'), (md5('Service')::uuid, 'Service', 'What is delivered there.', 'SERVICE', 'active');
INSERT INTO product_block_relations (in_use_by_id, depends_on_id) VALUES (md5('Access')::uuid, md5('Service')::uuid);
INSERT INTO product_product_blocks (product_id, product_block_id) SELECT md5('product-' || n)::uuid, md5('Access')::uuid FROM generate_series(1, 5) n;
INSERT INTO resource_types (resource_type_id, resource_type, description)
  SELECT md5(name)::uuid, name, name FROM unnest(ARRAY['access_name','access_speed','access_mode','is_enabled','has_lldp','vlan','mtu','remark']) name;
INSERT INTO product_block_resource_types (product_block_id, resource_type_id)
  SELECT md5('Access')::uuid, md5(name)::uuid FROM unnest(ARRAY['access_name','access_speed','access_mode','is_enabled','has_lldp']) name
  UNION ALL SELECT md5('Service')::uuid, md5(name)::uuid FROM unnest(ARRAY['vlan','mtu','remark']) name;
INSERT INTO products_workflows (product_id, workflow_id) SELECT product_id, workflow_id FROM products, workflows WHERE workflows.name = 'modify_note' ON CONFLICT DO NOTHING;
INSERT INTO workflows (workflow_id, name, target, description, is_task) VALUES (md5('do_nothing_twenty_times')::uuid, 'do_nothing_twenty_times', 'SYSTEM', 'Twenty steps', true);
INSERT INTO subscriptions (subscription_id, description, status, product_id, customer_id, insync, start_date, note)
  SELECT md5('s' || n)::uuid, 'access-' || lpad(n::text, 7, '0'),
    CASE WHEN n % 20 < 12 THEN 'active' WHEN n % 20 < 15 THEN 'provisioning' WHEN n % 20 = 15 THEN 'initial' ELSE 'terminated' END,
    md5('product-' || 1 + n % 5)::uuid, md5('customer-' || n % 50)::uuid::text, n % 20 <> 7, '2026-01-01'::timestamptz + n * interval '1 minute', 'Ordered by telephone, number ' || n
  FROM generate_series(1, 50000) n;
INSERT INTO subscription_instances (subscription_instance_id, subscription_id, product_block_id)
  SELECT md5('a' || n)::uuid, md5('s' || n)::uuid, md5('Access')::uuid FROM generate_series(1, 50000) n
  UNION ALL SELECT md5('v' || n)::uuid, md5('s' || n)::uuid, md5('Service')::uuid FROM generate_series(1, 50000) n;
INSERT INTO subscription_instance_relations (in_use_by_id, depends_on_id, order_id, domain_model_attr)
  SELECT md5('a' || n)::uuid, md5('v' || n)::uuid, 0, 'service' FROM generate_series(1, 50000) n;
INSERT INTO subscription_instance_values (subscription_instance_id, resource_type_id, value)
  SELECT md5('a' || n)::uuid, md5(v.name)::uuid, v.value FROM generate_series(1, 50000) n,
    LATERAL (VALUES ('access_name', 'access-' || n), ('access_speed', '10000'), ('access_mode', 'tagged'), ('is_enabled', 'True'), ('has_lldp', 'False')) v(name, value)
  UNION ALL SELECT md5('v' || n)::uuid, md5(v.name)::uuid, v.value FROM generate_series(1, 50000) n,
    LATERAL (VALUES ('vlan', (100 + n % 20)::text), ('mtu', '9000'), ('remark', 'Second floor, room ' || n)) v(name, value);
INSERT INTO processes (pid, last_status, last_step, assignee, created_by, is_task, workflow_id, started_at, last_modified_at, failed_reason)
  SELECT md5('p' || n)::uuid, CASE WHEN n % 4 = 0 THEN 'failed' ELSE 'completed' END, 'Tell the outcome', 'SYSTEM', 'SYSTEM', false,
    (SELECT workflow_id FROM workflows WHERE name = 'modify_note'), '2026-01-01'::timestamptz + n * interval '1 minute', '2026-01-01'::timestamptz + n * interval '1 minute',
    CASE WHEN n % 4 = 0 THEN '1000 bytes are too few.' END
  FROM generate_series(1, 10000) n;
INSERT INTO processes_subscriptions (pid, subscription_id, workflow_target) SELECT md5('p' || n)::uuid, md5('s' || n * 5)::uuid, 'MODIFY' FROM generate_series(1, 10000) n;
INSERT INTO process_steps (pid, name, status, state, created_by)
  SELECT md5('p' || n)::uuid, 'Step ' || k, CASE WHEN n % 4 = 0 AND k = 3 THEN 'failed' ELSE 'success' END, '{"speed": 10000, "mtu": 9000}', 'SYSTEM' FROM generate_series(1, 10000) n, generate_series(1, 3) k;
SET session_replication_role = origin;
REFRESH MATERIALIZED VIEW subscriptions_search;
