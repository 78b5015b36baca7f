-- Tables that applications fill in PostgreSQL: same names and columns as the storage design gives them. Those whose rows are
-- events are partitioned by the UTC month of their time, which is why their key has the month, and why no foreign key refers
-- to them: the quality rules check what they would. State is one table each and never leaves PostgreSQL; Delta has a copy.

CREATE SCHEMA IF NOT EXISTS ops;
GRANT USAGE ON SCHEMA ops TO lake_reader, lake_analyst, lake_ingest, lake_admin;

-- Immutable: neither the session's time zone nor its language has a part in it.
CREATE FUNCTION lake.month_of(moment timestamptz) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM')
$$;

CREATE TABLE ops.workflow_executions (
    id            uuid         NOT NULL DEFAULT gen_random_uuid(),
    workflow_id   varchar(255) NOT NULL,
    alert_id      varchar(255) NOT NULL,
    status        varchar(50)  NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    started_at    timestamptz  NOT NULL DEFAULT now(),
    completed_at  timestamptz,
    execution_log jsonb,
    metadata      jsonb,
    error_message text,
    retry_count   integer      DEFAULT 0,
    created_by    varchar(255),
    month         text         NOT NULL DEFAULT lake.month_of(now()) CHECK (month = lake.month_of(started_at)),
    PRIMARY KEY (id, month)
) PARTITION BY LIST (month);
CREATE INDEX ON ops.workflow_executions (status);
CREATE INDEX ON ops.workflow_executions (alert_id, started_at DESC);
CREATE INDEX ON ops.workflow_executions (started_at);
CREATE INDEX ON ops.workflow_executions USING gin (metadata);
CREATE INDEX ON ops.workflow_executions USING gin (execution_log);
COMMENT ON TABLE ops.workflow_executions IS 'Runs of workflows';

CREATE TABLE ops.action_history (
    id                    uuid         NOT NULL DEFAULT gen_random_uuid(),
    alert_id              varchar(255) NOT NULL,
    workflow_execution_id uuid,
    action_type           varchar(100) NOT NULL,
    action_parameters     jsonb,
    success               boolean      NOT NULL,
    executed_at           timestamptz  NOT NULL DEFAULT now(),
    duration_ms           integer,
    error_message         text,
    context_hash          varchar(64),
    namespace             varchar(255),
    resource_type         varchar(100),
    resource_name         varchar(255),
    month                 text         NOT NULL DEFAULT lake.month_of(now()) CHECK (month = lake.month_of(executed_at)),
    PRIMARY KEY (id, month)
) PARTITION BY LIST (month);
CREATE INDEX ON ops.action_history (alert_id);
CREATE INDEX ON ops.action_history (action_type, executed_at);
CREATE INDEX ON ops.action_history (executed_at);
CREATE INDEX ON ops.action_history (context_hash);
CREATE INDEX ON ops.action_history (success);
CREATE INDEX ON ops.action_history USING gin (action_parameters);
COMMENT ON TABLE ops.action_history IS 'Actions that were taken';

CREATE TABLE ops.alert_context (
    id           uuid         NOT NULL DEFAULT gen_random_uuid(),
    alert_id     varchar(255) NOT NULL,
    context_data jsonb        NOT NULL,
    context_hash varchar(64),
    created_at   timestamptz  NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    month        text         NOT NULL DEFAULT lake.month_of(now()) CHECK (month = lake.month_of(created_at)),
    PRIMARY KEY (id, month)
) PARTITION BY LIST (month);
CREATE INDEX ON ops.alert_context (alert_id);
CREATE INDEX ON ops.alert_context (context_hash);
CREATE INDEX ON ops.alert_context (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX ON ops.alert_context USING gin (context_data);
COMMENT ON TABLE ops.alert_context IS 'What was known around an alert';

CREATE TABLE ops.effectiveness_assessments (
    id            uuid         NOT NULL DEFAULT gen_random_uuid(),
    action_id     uuid         NOT NULL,
    success_score numeric(5, 4) CHECK (success_score BETWEEN 0 AND 1),
    measured_at   timestamptz  NOT NULL DEFAULT now(),
    context_hash  varchar(64),
    feedback      text,
    month         text         NOT NULL DEFAULT lake.month_of(now()) CHECK (month = lake.month_of(measured_at)),
    PRIMARY KEY (id, month)
) PARTITION BY LIST (month);
CREATE INDEX ON ops.effectiveness_assessments (action_id);
CREATE INDEX ON ops.effectiveness_assessments (measured_at);
CREATE INDEX ON ops.effectiveness_assessments (context_hash);
COMMENT ON TABLE ops.effectiveness_assessments IS 'How well actions worked';

CREATE TABLE ops.audit_logs (
    id         uuid         NOT NULL DEFAULT gen_random_uuid(),
    user_id    varchar(255),
    action     varchar(255) NOT NULL,
    resource   varchar(255),
    timestamp  timestamptz  NOT NULL DEFAULT now(),
    ip_address varchar(45),
    month      text         NOT NULL DEFAULT lake.month_of(now()) CHECK (month = lake.month_of(timestamp)),
    PRIMARY KEY (id, month)
) PARTITION BY LIST (month);
CREATE INDEX ON ops.audit_logs (user_id, timestamp);
CREATE INDEX ON ops.audit_logs (timestamp);
COMMENT ON TABLE ops.audit_logs IS 'Who did what in the applications';

CREATE TABLE ops.health_metrics (
    id           uuid         NOT NULL DEFAULT gen_random_uuid(),
    component    varchar(255) NOT NULL,
    status       varchar(50)  NOT NULL,
    metrics_data jsonb,
    measured_at  timestamptz  NOT NULL DEFAULT now(),
    alert_level  varchar(50),
    month        text         NOT NULL DEFAULT lake.month_of(now()) CHECK (month = lake.month_of(measured_at)),
    PRIMARY KEY (id, month)
) PARTITION BY LIST (month);
CREATE INDEX ON ops.health_metrics (component, measured_at);
CREATE INDEX ON ops.health_metrics (measured_at);
COMMENT ON TABLE ops.health_metrics IS 'State of the applications'' parts over time';

CREATE TABLE ops.pattern_signatures (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    signature        varchar(128)  UNIQUE NOT NULL,
    alert_type       varchar(100)  NOT NULL,
    pattern_data     jsonb         NOT NULL,
    confidence       numeric(5, 4) NOT NULL CHECK (confidence >= 0 AND confidence <= 1),
    occurrence_count integer       NOT NULL DEFAULT 1,
    success_rate     numeric(5, 4),
    last_seen        timestamptz   NOT NULL DEFAULT now(),
    created_at       timestamptz   NOT NULL DEFAULT now(),
    updated_at       timestamptz   NOT NULL DEFAULT now()
);
CREATE INDEX ON ops.pattern_signatures (alert_type);
CREATE INDEX ON ops.pattern_signatures (confidence);
CREATE INDEX ON ops.pattern_signatures (last_seen);
CREATE INDEX ON ops.pattern_signatures USING gin (pattern_data);
COMMENT ON TABLE ops.pattern_signatures IS 'Patterns that were found';

CREATE TABLE ops.ai_model_training (
    id            uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    model_type    varchar(100) NOT NULL,
    training_data jsonb,
    accuracy      numeric(5, 4) CHECK (accuracy BETWEEN 0 AND 1),
    deployed_at   timestamptz,
    version       varchar(50)  NOT NULL
);
CREATE INDEX ON ops.ai_model_training (model_type, version);
COMMENT ON TABLE ops.ai_model_training IS 'Models and what they were trained with';

CREATE TABLE ops.system_config (
    key          varchar(255) PRIMARY KEY,
    value        text,
    category     varchar(100),
    updated_at   timestamptz  NOT NULL DEFAULT now(),
    created_by   varchar(255),
    is_encrypted boolean      NOT NULL DEFAULT false
);
CREATE INDEX ON ops.system_config (category);
COMMENT ON TABLE ops.system_config IS 'Settings of the applications';

-- `lake tier sync` makes the months: it alone knows which of them Delta has rows of.
DO $$
DECLARE
    event_like text;
    state_like text;
BEGIN
    FOREACH event_like IN ARRAY ARRAY['workflow_executions', 'action_history', 'alert_context',
                                      'effectiveness_assessments', 'audit_logs', 'health_metrics'] LOOP
        PERFORM lake.make_writable(format('ops.%I', event_like)::regclass, '{id,month}', 'month', true);
    END LOOP;
    FOREACH state_like IN ARRAY ARRAY['pattern_signatures', 'ai_model_training'] LOOP
        PERFORM lake.make_writable(format('ops.%I', state_like)::regclass, '{id}', NULL, true);
    END LOOP;
    PERFORM lake.make_writable('ops.system_config', '{key}', NULL, true);
END
$$;

GRANT SELECT ON ALL TABLES IN SCHEMA ops TO lake_analyst, lake_admin;
