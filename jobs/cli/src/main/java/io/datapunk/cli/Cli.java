package io.datapunk.cli;

import io.datapunk.cli.export.JobEnd;
import io.datapunk.cli.export.JobEnd.Problem;
import io.datapunk.cli.export.JobExports;
import io.datapunk.cli.export.JobRun;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import java.io.InputStream;
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
    private final Progress progress;
    private final StandardInput stdin;
    private final Instant startedAt = Instant.now();
    private final long startNanos = System.nanoTime();

    private Cli(StandardInput stdin, PrintStream out, PrintStream err, Map<String, String> environment) {
        this.stdin = stdin;
        this.out = new PrintWriter(out, true, StandardCharsets.UTF_8);
        this.err = new PrintWriter(err, true, StandardCharsets.UTF_8);
        this.environment = environment;
        this.progress = stdin.isTerminal() ? new TerminalProgress(err) : new PlainProgress(this.err);
    }

    public static void main(String[] args) {
        StandardInput stdin = new StandardInput(System.in, System.console() != null);
        System.exit(new Cli(stdin, System.out, System.err, System.getenv()).run(args));
    }

    /**
     * Runs one command.
     *
     * @param environment the process's environment, for the configuration
     * @return 0 done, 1 failed, 2 wrong usage or configuration, 3 done but a gate fell short
     */
    public static int run(String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
        return run(args, InputStream.nullInputStream(), out, err, environment);
    }

    /** The same, of a command that may read from {@code in}. */
    public static int run(
            String[] args, InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
        return new Cli(new StandardInput(in, false), out, err, environment).run(args);
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
            return execute(command, json, job, invocation(options, job));
        } catch (Exception | Error e) {
            return fail(command, json, e, args);
        }
    }

    private int execute(String command, boolean json, Job job, Invocation invocation) {
        JobExports exports = exports(command, job, invocation);
        Outcome outcome;
        try {
            outcome = sealed(invocation.withProgress(exports.watch(progress)), job);
        } catch (Exception | Error e) {
            // Checked exceptions too: Spark throws them without declaring them.
            Optional<LakeException> known = known(command, FullDisk.of(invocation.config()), e);
            int exitCode = fail(command, json, known, e);
            exports.ended(new JobEnd(
                            exitCode,
                            Instant.now(),
                            seconds(),
                            Optional.of(known.map(Problem::of).orElseGet(() -> Problem.unexpected(e))),
                            List.of(),
                            List.of()))
                    .forEach(this::warn);
            return exitCode;
        }
        JobEnd end = new JobEnd(
                outcome.exitCode(),
                Instant.now(),
                seconds(),
                outcome.problem().map(Problem::of),
                outcome.inputs(),
                outcome.metrics());
        return finish(command, json, outcome.withWarnings(exports.ended(end)));
    }

    private JobExports exports(String command, Job job, Invocation invocation) {
        return invocation.dryRun() || !job.isWatched()
                ? JobExports.none()
                : JobExports.begin(
                        new JobRun(command, startedAt, BuildVersion.number(), invocation.config(), environment));
    }

    private int fail(String command, boolean json, Throwable failure, String... args) {
        return failure instanceof ParameterException wrong
                ? fail(name(wrong.getCommandLine()), json, usage(wrong, args))
                : fail(command, json, known(command, FullDisk.UNKNOWN, failure), failure);
    }

    private int fail(String command, boolean json, Optional<LakeException> known, Throwable failure) {
        int exitCode = fail(command, json, known.orElseGet(() -> unexpected(command, failure)));
        if (known.isEmpty()) {
            failure.printStackTrace(err);
        }
        return exitCode;
    }

    private static Optional<LakeException> known(String command, FullDisk disk, Throwable failure) {
        // Spark wraps what a task threw.
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LakeException known) {
                return Optional.of(FullDisk.isBehind(known) ? disk.told(known) : known);
            }
        }
        if (failure instanceof HotStoreUnavailableException unavailable) {
            return Optional.of(unavailable.asFailure());
        }
        return FullDisk.isBehind(failure) ? Optional.of(disk.told(command, failure)) : Optional.empty();
    }

    /** Also what a job has committed and written down that failed is taken in and signed. */
    private Outcome sealed(Invocation invocation, Job job) {
        Outcome outcome;
        try {
            outcome = job.run(invocation);
        } catch (RuntimeException e) {
            AuditSeal.afterCommand(invocation, job.changesTables()).forEach(this::warn);
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
        return new Invocation(config, now, options.json(), options.dryRun(), progress, stdin);
    }

    private int finish(String command, boolean json, Outcome outcome) {
        LakeException problem = outcome.problem().orElse(null);
        if (json) {
            print(report(command, outcome.result(), outcome.warnings(), problem));
        } else {
            outcome.text().accept(out);
            out.flush();
        }
        outcome.warnings().forEach(this::warn);
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

    private void warn(String warning) {
        err.println("lake: warning: " + warning);
    }

    private void explain(LakeException exception) {
        Failure.of(exception).print(err);
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
