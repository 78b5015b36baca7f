package io.datapunk.tiering.status;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.tiering.heat.HeatSummary;
import io.datapunk.tiering.plan.HotCopy;
import io.datapunk.tiering.plan.LakeView;
import io.datapunk.tiering.plan.Survey;
import io.datapunk.tiering.plan.SurveyedPartition;
import io.datapunk.tiering.plan.TieringRules;
import io.datapunk.tiering.policy.Heat;
import io.datapunk.tiering.policy.PartitionFacts;
import io.datapunk.tiering.policy.Policy;
import io.datapunk.tiering.policy.Wish;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** Answers where every partition is, from the Delta logs, PostgreSQL and the heat summary. Starts no Spark. */
public final class TierStatus {
    private final LakeHome home;
    private final TieringRules rules;
    private final LakeView lake;

    public TierStatus(LakeConfig config, LakeHome home, LakeView lake) {
        this.home = home;
        this.rules = TieringRules.of(config);
        this.lake = lake;
    }

    /** Every partition of the tiered tables, by dataset and name. */
    public List<PartitionStatus> partitions(Instant now) {
        Survey survey = Survey.of(lake, HeatSummary.read(home.spool()));
        Function<DatasetName, Policy> policies = Policy.learned(
                rules.policies(),
                survey.partitions().stream().map(SurveyedPartition::facts).toList(),
                survey.observation(),
                now);
        return survey.partitions().stream()
                .map(partition -> status(partition, policies, survey, now))
                .toList();
    }

    private static PartitionStatus status(
            SurveyedPartition partition, Function<DatasetName, Policy> policies, Survey survey, Instant now) {
        PartitionFacts facts = partition.facts();
        Policy policy = policies.apply(facts.partition().dataset());
        Heat heat = policy.heat(facts.accesses(), now);
        Wish wish = policy.decide(facts, heat, survey.observation(), now).possible(facts);
        return new PartitionStatus(
                facts.partition(),
                facts.placement(),
                partition.files(),
                partition.files().rows(),
                facts.bytes(),
                partition.hot().map(HotCopy::bytes).map(OptionalLong::of).orElse(OptionalLong.empty()),
                heat,
                facts.lastWritten(),
                facts.lastMoved(),
                wish.target()
                        .map(target -> "to " + target + ": " + wish.reason())
                        .orElse(wish.reason()));
    }
}
