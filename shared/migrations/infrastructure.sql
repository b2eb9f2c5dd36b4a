-- The tables every service has besides its own, in their first shape (see shared/tables.py).

CREATE TABLE documents (
    enterprise TEXT NOT NULL,
    digest TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (enterprise, digest)
);

CREATE TABLE event_log (
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    event_id UUID NOT NULL,
    enterprise TEXT NOT NULL,
    aggregate TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    type TEXT NOT NULL,
    body JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (position)
);
CREATE INDEX event_log_by_aggregate ON event_log (aggregate, sequence);
CREATE INDEX event_log_by_enterprise ON event_log (enterprise, position);

CREATE TABLE inbox (
    event_id UUID NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (event_id)
);
CREATE INDEX inbox_by_received_at ON inbox USING brin (received_at);

CREATE TABLE inbox_cursors (
    source TEXT NOT NULL,
    aggregate TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    waiting INTEGER NOT NULL,
    PRIMARY KEY (source, aggregate)
) WITH (fillfactor = 70);

CREATE TABLE inbox_waiting (
    event_id UUID NOT NULL,
    source TEXT NOT NULL,
    aggregate TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    envelope JSONB NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (event_id),
    CONSTRAINT inbox_waiting_state CHECK (state in ('PARKED', 'FAILED', 'DEAD')),
    CONSTRAINT inbox_waiting_source_aggregate_sequence_key UNIQUE (source, aggregate, sequence)
);

CREATE TABLE outbox (
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    event_id UUID NOT NULL,
    enterprise TEXT NOT NULL,
    aggregate TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    type TEXT NOT NULL,
    body JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (position)
);

CREATE TABLE requests (
    caller TEXT NOT NULL,
    request_id TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    response BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (caller, request_id)
);
CREATE INDEX requests_by_created_at ON requests USING brin (created_at);

-- Rows come and go all the time; what is gone must not be in the relay's way.
ALTER TABLE outbox
    SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
