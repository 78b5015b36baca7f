package io.datapunk.maintenance.remediation;

import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What has gone off, and what was done about it.
 *
 * @param vitals what was found
 * @param problems why something was not looked at or not done
 */
public record RemediationReport(Vitals vitals, List<Response> responses, List<LakeException> problems) {
    public RemediationReport {
        responses = List.copyOf(responses);
        problems = List.copyOf(problems);
    }

    /**
     * To one trigger.
     *
     * @param subject {@code postgres} or a disk
     * @param why with the values
     * @param actions what was done; in a dry run, what would be
     * @param coolingUntil where something was done a short while ago, and nothing was now
     */
    public record Response(
            Trigger trigger, String subject, String why, List<String> actions, Optional<Instant> coolingUntil) {
        public Response {
            actions = List.copyOf(actions);
        }
    }
}
