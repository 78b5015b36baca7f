package io.datapunk.maintenance.remediation;

import io.datapunk.lake.postgres.ServerSessions.Session;

/** Something to be done. */
sealed interface Remedy {
    /** As a person would ask for it. */
    String text();

    /** The session lives on without its query, or ends, where that went on. */
    record EndQuery(Session session, boolean wasCancelled) implements Remedy {
        @Override
        public String text() {
            return wasCancelled
                    ? "end the session of process " + session.process() + ", which was told to cancel its query"
                    : "cancel the query of process " + session.process();
        }
    }

    /** A session ends that does nothing. */
    record EndIdleSession(Session session) implements Remedy {
        @Override
        public String text() {
            return "end the idle session of process " + session.process();
        }
    }

    /** The server learns what its tables are like. */
    record AnalyzeMostRead() implements Remedy {
        @Override
        public String text() {
            return "analyse the tables that are read most from disk";
        }
    }

    /** Those that nobody writes any more. */
    record CompressLogs() implements Remedy {
        @Override
        public String text() {
            return "compress old log files";
        }
    }

    /** What killed jobs have left. */
    record CleanTemporary() implements Remedy {
        @Override
        public String text() {
            return "remove staging that nobody uses";
        }
    }

    /**
     * What is left over goes, and the coldest partitions leave PostgreSQL.
     *
     * @param bytes that should become free
     */
    record MoveColdest(long bytes) implements Remedy {
        @Override
        public String text() {
            return "let the coldest partitions leave PostgreSQL";
        }
    }
}
