package io.datapunk.tiering.plan;

import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.tiering.policy.PartitionFacts;
import java.util.Optional;

/**
 * A partition as a survey found it.
 *
 * @param hot what PostgreSQL serves of it; empty where it serves nothing or is out of reach
 * @param facts what the policy may know
 */
public record SurveyedPartition(PartitionFiles files, Optional<HotCopy> hot, PartitionFacts facts) {}
