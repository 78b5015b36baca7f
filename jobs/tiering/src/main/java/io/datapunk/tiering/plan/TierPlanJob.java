package io.datapunk.tiering.plan;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.tiering.heat.HeatSummary;
import io.datapunk.tiering.policy.Decision;
import io.datapunk.tiering.policy.PartitionFacts;
import io.datapunk.tiering.policy.Planner;
import io.datapunk.tiering.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Decides about every partition and stores the plan. Starts no Spark. */
public final class TierPlanJob {
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final LakeHome home;
    private final TieringRules rules;
    private final LakeView lake;
    private final PlanStore store;

    public TierPlanJob(LakeConfig config, LakeHome home, LakeView lake) {
        this.home = home;
        this.rules = TieringRules.of(config);
        this.lake = lake;
        this.store = new PlanStore(home);
    }

    /** @param server in use until the job has ended */
    public static TierPlanJob of(LakeConfig config, LakeHome home, PostgresConnection server) {
        return new TierPlanJob(config, home, StoredLake.of(config, home, server));
    }

    /**
     * Makes the plan and stores it.
     *
     * @throws LakeException where a table's log cannot be read, or where accesses were taken in whose heat is not summed up
     */
    public TierPlan run(Instant now) {
        TierPlan plan = preview(now);
        store.write(plan);
        return plan;
    }

    /** Makes the plan without storing it, for {@code --dry-run}. */
    public TierPlan preview(Instant now) {
        HeatSummary heat = HeatSummary.read(home.spool());
        requireCurrent(heat);
        Survey survey = Survey.of(lake, heat);
        List<PartitionFacts> facts =
                survey.partitions().stream().map(SurveyedPartition::facts).toList();
        List<Decision> decisions = new Planner(
                        Policy.learned(rules.policies(), facts, survey.observation(), now),
                        rules.budgets(),
                        rules.prices())
                .plan(facts, survey.observation(), now);
        Map<PartitionName, SurveyedPartition> byName = survey.partitions().stream()
                .collect(Collectors.toMap(partition -> partition.files().partition(), Function.identity()));
        List<PlannedPartition> rows = new ArrayList<>(decisions.size());
        for (Decision decision : decisions) {
            SurveyedPartition found = byName.get(decision.partition());
            rows.add(new PlannedPartition(
                    decision,
                    found.files().fileSetHash(),
                    found.files().bytes(),
                    found.files().rows(),
                    found.facts().lastWritten()));
        }
        return new TierPlan(
                ID_TIME.format(now) + "-" + hash(now, rows),
                now,
                rules.name(),
                rules.toString(),
                survey.versions(),
                survey.observation(),
                rows);
    }

    /** A take-in that died between its tables and its summary would make partitions look idle that are not. */
    private void requireCurrent(HeatSummary heat) {
        lake.snapshot(AccessHoursTable.DEFINITION.name()).ifPresent(hours -> {
            if (hours.version() != heat.accessHoursVersion()) {
                throw LakeException.failed(
                        "the heat of the partitions is not known",
                        "lake.access_hours is at version " + hours.version() + ", its summary at "
                                + heat.accessHoursVersion(),
                        "run `lake heat`");
            }
        });
    }

    private static String hash(Instant now, List<PlannedPartition> rows) {
        MessageDigest sha256 = Sha256.digest();
        sha256.update(now.toString().getBytes(StandardCharsets.UTF_8));
        for (PlannedPartition row : rows) {
            sha256.update(PlanStore.row(row).toString().getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(sha256.digest(), 0, 4);
    }
}
