package io.datapunk.airflow;

import io.datapunk.airflow.client.AirflowApi;
import io.datapunk.airflow.client.ApiException;
import io.datapunk.airflow.client.AssetResponse;
import io.datapunk.airflow.client.CreateAssetEventsBody;
import io.datapunk.airflow.client.DagScheduleAssetReference;
import io.datapunk.airflow.client.TriggerDAGRunPostBody;
import io.datapunk.lake.config.AirflowConfig;
import io.datapunk.lake.model.LakeException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * An Airflow server, 3.4 or newer, through its REST API. Each method throws a {@link LakeException} where Airflow does not
 * answer, refuses the user, or does not know what is named.
 */
public final class Airflow {
    private static final int PAGE = 100;

    private final AirflowConfig config;
    private final String server;
    private final Calls calls;
    private final AirflowApi api;

    private Airflow(AirflowConfig config, URI url) {
        this.config = config;
        this.server = url.toString().replaceFirst("/*$", "");
        this.calls = new Calls(config, server);
        this.api = new AirflowApi(calls.client());
    }

    /** @throws LakeException (usage) where the configuration names none */
    public static Airflow of(AirflowConfig config) {
        return new Airflow(
                config,
                config.url()
                        .orElseThrow(() -> LakeException.usage(
                                "there is no Airflow to ask",
                                "lake.airflow.url is empty",
                                "set it, as LAKE_AIRFLOW_URL=http://localhost:8080, and LAKE_AIRFLOW_USER and"
                                        + " LAKE_AIRFLOW_PASSWORD, or LAKE_AIRFLOW_TOKEN")));
    }

    /** Its address, without a slash at the end. */
    public String server() {
        return server;
    }

    public String version() {
        return ask("Airflow's version is unknown", api::getVersion).getVersion();
    }

    /** All that the user may see, by name. */
    public List<Dag> dags() {
        return all(offset -> ask("the DAGs cannot be listed", () -> api.getDags(PAGE, offset))
                        .getDags())
                .stream()
                .map(Answers::dag)
                .toList();
    }

    /** @throws LakeException (usage) where there is no such DAG */
    public Dag dag(String id) {
        try {
            return Answers.dag(calls.repeatable(() -> api.getDag(id)));
        } catch (ApiException e) {
            LakeException problem = new Problem(server, e).as("the DAG " + id + " cannot be looked at");
            throw e.getCode() == 404
                    ? LakeException.usage(
                            "there is no DAG " + id,
                            problem.reason(),
                            "`lake airflow status` lists them; a new one takes Airflow some minutes to notice, and one"
                                    + " that cannot be imported is missing")
                    : problem;
        }
    }

    /** The newest by the time at which it was due. */
    public Optional<DagRun> newestRun(String dag) {
        return ask("the runs of " + dag + " cannot be listed", () -> api.getDagRuns(dag, 1, List.of("-run_after")))
                .getDagRuns()
                .stream()
                .findFirst()
                .map(Answers::run);
    }

    public Optional<DagRun> run(String dag, String id) {
        try {
            return Optional.of(Answers.run(calls.repeatable(() -> api.getDagRun(dag, id))));
        } catch (ApiException e) {
            if (e.getCode() == 404) {
                return Optional.empty();
            }
            throw new Problem(server, e).as("the run " + id + " of " + dag + " cannot be looked at");
        }
    }

    /**
     * Triggers a run by its own id, which no second one can have.
     *
     * @throws LakeException (failed) where another run has the logical date
     */
    public DagRun trigger(String dag, String id, Optional<Instant> logicalDate, Map<String, Object> params) {
        TriggerDAGRunPostBody body = new TriggerDAGRunPostBody()
                .dagRunId(id)
                .logicalDate(logicalDate.map(Answers::utc).orElse(null))
                .conf(params);
        try {
            return Answers.run(calls.repeatable(() -> api.triggerDagRun(dag, body)));
        } catch (ApiException e) {
            LakeException problem = new Problem(server, e).as(dag + " was not triggered");
            if (e.getCode() != 409) {
                throw problem;
            }
            // An attempt whose answer was lost, or somebody else a moment ago.
            return run(dag, id)
                    .orElseThrow(() -> LakeException.failed(
                            problem.problem(),
                            "another run of it has the logical date "
                                    + logicalDate.map(Instant::toString).orElse("of this one"),
                            "`lake airflow backfill` with --reprocess runs a date again"));
        }
    }

    public List<TaskRun> tasks(String dag, String run) {
        return all(offset -> ask(
                                "the tasks of " + run + " cannot be listed",
                                () -> api.getTaskInstances(dag, run, PAGE, offset))
                        .getTaskInstances())
                .stream()
                .map(Answers::task)
                .toList();
    }

    /** The logical dates that a backfill would run, in Airflow's own opinion. */
    public List<Instant> rehearse(Backfill.Request request) {
        return ask(problem(request), () -> api.dryRunBackfill(Answers.body(request))).getBackfills().stream()
                .flatMap(one -> Answers.instant(one.getLogicalDate()).stream())
                .toList();
    }

    /** Begins a backfill; a second one of the same DAG has to wait for its end. */
    public Backfill backfill(Backfill.Request request) {
        try {
            return Answers.backfill(calls.once(() -> api.createBackfill(Answers.body(request))));
        } catch (ApiException e) {
            throw new Problem(server, e).as(problem(request));
        }
    }

    public Backfill backfill(int id) {
        return Answers.backfill(ask("the backfill " + id + " cannot be looked at", () -> api.getBackfill(id)));
    }

    /** Its dates in the order in which they are run. */
    public List<Backfill.Slot> slots(Backfill backfill) {
        return all(offset -> ask(
                                "the runs of the backfill " + backfill.id() + " cannot be listed",
                                () -> api.getBackfillDagRuns(backfill.id(), PAGE, offset))
                        .getBackfillDagRuns())
                .stream()
                .map(Answers::slot)
                .toList();
    }

    /**
     * Tells that there is news of an asset.
     *
     * @param asset its name or its URI
     * @throws LakeException (usage) where no DAG names the asset
     */
    public AssetEvent event(String asset, Map<String, Object> extra) {
        AssetResponse known = asset(asset);
        CreateAssetEventsBody body =
                new CreateAssetEventsBody().assetId(known.getId()).extra(extra);
        try {
            var event = calls.once(() -> api.createAssetEvent(body));
            return new AssetEvent(known.getName(), event.getTimestamp().toInstant(), waiting(known));
        } catch (ApiException e) {
            throw new Problem(server, e).as("Airflow was not told of " + asset);
        }
    }

    /** The DAGs that an asset's event would run, once they have events of all that they are scheduled by. */
    public List<String> waiting(String asset) {
        return waiting(asset(asset));
    }

    private static List<String> waiting(AssetResponse asset) {
        return asset.getScheduledDags().stream()
                .map(DagScheduleAssetReference::getDagId)
                .sorted()
                .toList();
    }

    private AssetResponse asset(String name) {
        List<AssetResponse> assets = all(offset -> ask("the assets cannot be listed", () -> api.getAssets(PAGE, offset))
                .getAssets());
        return assets.stream()
                .filter(asset -> asset.getName().equals(name) || asset.getUri().equals(name))
                .findFirst()
                .orElseThrow(() -> LakeException.usage(
                        "there is no asset " + name,
                        "the DAGs of Airflow at " + server + " name "
                                + (assets.isEmpty()
                                        ? "none"
                                        : String.join(
                                                ", ",
                                                assets.stream()
                                                        .map(AssetResponse::getName)
                                                        .sorted()
                                                        .toList())),
                        "name one of them, or add a DAG that has it as an outlet or a schedule"));
    }

    /**
     * Waits until a run has ended.
     *
     * @throws LakeException (failed) where it takes longer than the configuration allows
     */
    public DagRun await(DagRun run) {
        return await(
                "the run " + run.id() + " of " + run.dag(),
                () -> run(run.dag(), run.id())
                        .orElseThrow(() -> LakeException.failed(
                                "the run " + run.id() + " of " + run.dag() + " is gone",
                                "somebody removed it in Airflow",
                                "run the command again: it triggers another one")),
                DagRun::hasEnded);
    }

    /** The same for a backfill. */
    public Backfill await(Backfill backfill) {
        return await("the backfill " + backfill.id(), () -> backfill(backfill.id()), Backfill::completed);
    }

    private <T> T await(String what, Supplier<T> look, Predicate<T> ended) {
        long deadline = System.nanoTime() + config.waitLimit().toNanos();
        T seen = look.get();
        while (!ended.test(seen)) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative()) {
                throw LakeException.failed(
                        what + " has not ended",
                        "it goes on after " + config.waitLimit().toSeconds() + " s, which is lake.airflow.wait-limit",
                        "look at it with `lake airflow status`, or wait longer");
            }
            Calls.pause(left.compareTo(config.pollInterval()) < 0 ? left : config.pollInterval());
            seen = look.get();
        }
        return seen;
    }

    /** Of all pages. Airflow may be set to give fewer on each than were asked for. */
    private static <T> List<T> all(IntFunction<List<T>> pageAt) {
        List<T> all = new ArrayList<>();
        List<T> page;
        do {
            page = pageAt.apply(all.size());
            all.addAll(page);
        } while (!page.isEmpty());
        return all;
    }

    private <T> T ask(String problem, Calls.Call<T> call) {
        try {
            return calls.repeatable(call);
        } catch (ApiException e) {
            throw new Problem(server, e).as(problem);
        }
    }

    private static String problem(Backfill.Request request) {
        return "no backfill of " + request.dag() + " from " + request.from() + " to " + request.to();
    }
}
