package io.datapunk.cli;

import io.datapunk.cli.export.Input;
import io.datapunk.cli.metrics.Sample;
import io.datapunk.lake.model.LakeException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * How a command ended.
 *
 * @param result what {@code --json} prints: a record, or a list of records
 * @param text prints the same for a person
 * @param warnings what the person should know besides
 * @param problem where the job is done, but a gate fell short, or where some of it failed
 * @param inputs what the job has read, for those who ask where data came from
 * @param metrics what monitoring is told besides how long it took
 */
record Outcome(
        Object result,
        Consumer<PrintWriter> text,
        List<String> warnings,
        Optional<LakeException> problem,
        List<Input> inputs,
        List<Sample> metrics) {
    Outcome(Object result, Consumer<PrintWriter> text, List<String> warnings, Optional<LakeException> problem) {
        this(result, text, warnings, problem, List.of(), List.of());
    }

    static Outcome of(Object result, Consumer<PrintWriter> text) {
        return new Outcome(result, text, List.of(), Optional.empty());
    }

    Outcome withWarnings(List<String> more) {
        return new Outcome(
                result, text, Stream.concat(warnings.stream(), more.stream()).toList(), problem, inputs, metrics);
    }

    Outcome withMetrics(List<Sample> samples) {
        return new Outcome(result, text, warnings, problem, inputs, samples);
    }

    Outcome withInputs(List<? extends Input> read) {
        return new Outcome(result, text, warnings, problem, List.copyOf(read), metrics);
    }

    int exitCode() {
        return problem.map(one -> one.kind().exitCode()).orElse(CommandLine.ExitCode.OK);
    }
}
