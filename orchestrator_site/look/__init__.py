"""How things look: words, colours and icons of statuses, moments and values. No queries, no pages."""
