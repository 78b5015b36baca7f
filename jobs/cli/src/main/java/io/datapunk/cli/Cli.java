package io.datapunk.cli;

import io.datapunk.cli.metrics.JobMetrics;
import io.datapunk.cli.metrics.MetricsExport;
import io.datapunk.cli.metrics.Sample;
import io.datapunk.cli.metrics.StageTimes;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole, and its one exit point. Example: {@code lake tables --lake /data/lake --json}. */
public final class Cli {
    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<String, String> environment;
    private final StageTimes stages;
    private final Instant startedAt = Instant.now();
    private final long startNanos = System.nanoTime();

    private Cli(PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal) {
        this.out = new PrintWriter(out, true, StandardCharsets.UTF_8);
        this.err = new PrintWriter(err, true, StandardCharsets.UTF_8);
        this.environment = environment;
        this.stages = new StageTimes(terminal ? new TerminalProgress(err) : new PlainProgress(this.err));
    }

    public static void main(String[] args) {
        boolean terminal = System.console() != null;
        System.exit(new Cli(System.out, System.err, System.getenv(), terminal).run(args));
    }

    /**
     * Runs one command.
     *
     * @param environment the process's environment, for the configuration
     * @return 0 done, 1 failed, 2 wrong usage or configuration, 3 done but a gate fell short
     */
    public static int run(String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
        return new Cli(out, err, environment, false).run(args);
    }

    private int run(String... args) {
        LakeCommand options = new LakeCommand();
        CommandLine commandLine = new CommandLine(options)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Instant.class, new InstantConverter())
                .setOut(out)
                .setErr(err);
        String command = "";
        boolean json = Arrays.asList(args).contains("--json");
        try {
            ParseResult parsed = commandLine.parseArgs(args);
            if (CommandLine.executeHelpRequest(parsed) != null) {
                return CommandLine.ExitCode.OK;
            }
            CommandLine chosen =
                    parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
            command = name(chosen);
            if (!(chosen.getCommand() instanceof Job job)) {
                throw new ParameterException(chosen, "Missing command");
            }
            return execute(command, json, job, invocation(options, job), args);
        } catch (Exception | Error e) {
            return fail(command, json, FullDisk.UNKNOWN, e, args);
        }
    }

    private int execute(String command, boolean json, Job job, Invocation invocation, String... args) {
        try {
            Outcome outcome = sealed(invocation, job);
            int exitCode =
                    outcome.problem().map(problem -> problem.kind().exitCode()).orElse(CommandLine.ExitCode.OK);
            return finish(
                    command, json, outcome.withWarnings(export(command, job, invocation, exitCode, outcome.metrics())));
        } catch (Exception | Error e) {
            // Checked exceptions too: Spark throws them without declaring them.
            int exitCode = fail(command, json, FullDisk.of(invocation.config()), e, args);
            export(command, job, invocation, exitCode, List.of())
                    .forEach(warning -> err.println("lake: warning: " + warning));
            return exitCode;
        }
    }

    private int fail(String command, boolean json, FullDisk disk, Throwable failure, String... args) {
        if (failure instanceof ParameterException wrong) {
            return fail(name(wrong.getCommandLine()), json, usage(wrong, args));
        }
        if (failure instanceof LakeException known) {
            return fail(command, json, FullDisk.isBehind(known) ? disk.told(known) : known);
        }
        if (failure instanceof HotStoreUnavailableException unavailable) {
            return fail(command, json, unavailable.asFailure());
        }
        if (FullDisk.isBehind(failure)) {
            return fail(command, json, disk.told(command, failure));
        }
        int exitCode = fail(command, json, unexpected(command, failure));
        failure.printStackTrace(err);
        return exitCode;
    }

    private List<String> export(String command, Job job, Invocation invocation, int exitCode, List<Sample> own) {
        return invocation.dryRun() || !job.isWatched()
                ? List.of()
                : new MetricsExport(invocation.config().metrics())
                        .export(command, JobMetrics.of(command, exitCode, seconds(), Instant.now(), stages, own));
    }

    /** Also what a job has committed and written down that failed is taken in and signed. */
    private Outcome sealed(Invocation invocation, Job job) {
        Outcome outcome;
        try {
            outcome = job.run(invocation);
        } catch (RuntimeException e) {
            AuditSeal.afterCommand(invocation, job.changesTables())
                    .forEach(warning -> err.println("lake: warning: " + warning));
            throw e;
        }
        return outcome.withWarnings(AuditSeal.afterCommand(invocation, job.changesTables()));
    }

    private Invocation invocation(LakeCommand options, Job job) {
        Map<String, String> overrides = new HashMap<>(job.settings());
        if (!environment.getOrDefault("LAKE_HOME", "").isEmpty()) {
            overrides.remove("lake.home");
        }
        if (options.lake() != null) {
            overrides.put("lake.home", options.lake());
        }
        Path file = Optional.ofNullable(options.conf())
                .or(() -> Optional.ofNullable(environment.get("LAKE_CONF"))
                        .filter(name -> !name.isEmpty())
                        .map(Path::of))
                .orElse(null);
        LakeConfig config = LakeConfig.load(file, environment, overrides);
        Instant now = Optional.ofNullable(options.now()).orElse(startedAt);
        return new Invocation(config, now, options.json(), options.dryRun(), stages);
    }

    private int finish(String command, boolean json, Outcome outcome) {
        LakeException problem = outcome.problem().orElse(null);
        if (json) {
            print(report(command, outcome.result(), outcome.warnings(), problem));
        } else {
            outcome.text().accept(out);
            out.flush();
        }
        outcome.warnings().forEach(warning -> err.println("lake: warning: " + warning));
        if (problem == null) {
            return CommandLine.ExitCode.OK;
        }
        explain(problem);
        return problem.kind().exitCode();
    }

    private int fail(String command, boolean json, LakeException problem) {
        if (json) {
            print(report(command, null, List.of(), problem));
        }
        explain(problem);
        return problem.kind().exitCode();
    }

    private Report report(String command, Object result, List<String> warnings, LakeException problem) {
        boolean done = problem == null;
        return new Report(
                command,
                done ? "done" : problem.kind().name().toLowerCase(Locale.ROOT),
                done ? CommandLine.ExitCode.OK : problem.kind().exitCode(),
                startedAt,
                seconds(),
                result,
                warnings,
                done ? null : Failure.of(problem));
    }

    private void explain(LakeException exception) {
        err.println("lake: " + exception.problem());
        err.println("  cause:  " + exception.reason());
        err.println("  remedy: " + exception.remedy());
    }

    private void print(Report report) {
        out.println(report.toJson());
    }

    private double seconds() {
        return Math.round((System.nanoTime() - startNanos) / 1e6) / 1e3;
    }

    /** {@code tier plan} for {@code lake tier plan}. */
    private static String name(CommandLine commandLine) {
        String qualified = commandLine.getCommandSpec().qualifiedName();
        return qualified.equals("lake") ? "" : qualified.substring("lake ".length());
    }

    private static LakeException usage(ParameterException exception, String... args) {
        String help =
                "`" + exception.getCommandLine().getCommandSpec().qualifiedName() + " --help` shows what it takes";
        List<String> suggestions =
                exception instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return LakeException.usage(
                // picocli begins so where a group of options lacks one
                exception.getMessage().replaceFirst("^Error: ", ""),
                ("the command was: lake " + String.join(" ", args)).strip(),
                suggestions.isEmpty() ? help : "did you mean " + String.join(" or ", suggestions) + "? " + help);
    }

    private static LakeException unexpected(String command, Throwable problem) {
        return LakeException.failed(
                "`lake " + command + "` ended unexpectedly",
                problem.getClass().getName() + ": " + problem.getMessage(),
                "run it again: a job takes up what it left undone; if it happens again, report the lines below",
                problem);
    }
}
