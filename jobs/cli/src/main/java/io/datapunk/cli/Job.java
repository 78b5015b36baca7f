package io.datapunk.cli;

/**
 * What a command does. Its declaration must name no class that needs Spark: picocli looks at every member of it, also
 * when only help was asked for.
 */
interface Job {
    /** @throws io.datapunk.lake.model.LakeException where it fails */
    Outcome run(Invocation invocation);
}
