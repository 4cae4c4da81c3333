"""The tables of the shop's own database. Times are milliseconds since 1970 in UTC, amounts are cents."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    user_id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS cart_line (
    session_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    added_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, variant_id)
) STRICT;

CREATE TABLE IF NOT EXISTS stock (
    product_id TEXT PRIMARY KEY,
    quantity INTEGER NOT NULL CHECK (quantity >= 0)
) STRICT;

CREATE TABLE IF NOT EXISTS customer_order (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT UNIQUE,
    user_id TEXT,
    anonymous_id TEXT,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    street TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    city TEXT NOT NULL,
    country TEXT NOT NULL,
    placed_at INTEGER NOT NULL,
    promised_at INTEGER NOT NULL,
    shipping INTEGER NOT NULL,
    total INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS customer_order_user ON customer_order (user_id);

CREATE TABLE IF NOT EXISTS order_line (
    order_id TEXT NOT NULL REFERENCES customer_order (order_id),
    line_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    price INTEGER NOT NULL,
    returned INTEGER NOT NULL DEFAULT 0 CHECK (returned <= quantity),
    PRIMARY KEY (order_id, line_id)
) STRICT;

CREATE TABLE IF NOT EXISTS refund (
    refund_id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES customer_order (order_id),
    line_id TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS parcel (
    parcel_id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES customer_order (order_id),
    carrier TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    step INTEGER NOT NULL,
    late INTEGER NOT NULL,
    next_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS parcel_order ON parcel (order_id);

CREATE TABLE IF NOT EXISTS checkpoint (
    parcel_id TEXT NOT NULL REFERENCES parcel (parcel_id),
    step INTEGER NOT NULL,
    state TEXT NOT NULL,
    raw_code TEXT NOT NULL,
    place TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    PRIMARY KEY (parcel_id, step)
) STRICT;

CREATE TABLE IF NOT EXISTS delivery (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id TEXT NOT NULL UNIQUE,
    topic TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,
    sent_at INTEGER,
    error TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (next_at) WHERE next_at IS NOT NULL;
"""
