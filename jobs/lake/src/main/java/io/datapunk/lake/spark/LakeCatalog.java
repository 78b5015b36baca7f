package io.datapunk.lake.spark;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NamespaceAlreadyExistsException;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.NonEmptyNamespaceException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableInfo;
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.delta.catalog.DeltaCatalog;
import org.apache.spark.sql.types.StructType;

/**
 * Gives the lake's tables their names: {@code user_data.activity} reads
 * {@code HOME/tables/user_data/activity}, in any session that sets {@code spark.lake.home} and
 * {@code spark.sql.catalog.spark_catalog=io.datapunk.lake.spark.LakeCatalog}. Schemas and tables are what lies in the
 * home; nothing is registered, so nothing can be out of date.
 *
 * <p>It extends the session catalog and is not a catalog of its own, because the contract is a name of two parts. Under
 * a catalog named {@code lake} the same table would be {@code lake.user_data.activity}, and {@code lake.users} would
 * mean two things. Delta needs the session catalog to be its own anyway, so this takes no setting more. Names that are
 * not in the home go on to Delta's catalog: temporary views, {@code delta.`/path`} and a user's own tables work as
 * everywhere.
 *
 * <p>By name the tables are read-only. The lake's jobs write by path, under a lease and with the bookkeeping that
 * provenance, tiers and audit need; an INSERT by name would go round all of it. Every statement that would change one is
 * refused with what to do instead.
 */
public final class LakeCatalog extends DeltaCatalog {
    @Override
    public Table loadTable(Identifier identifier) {
        Optional<Path> table = tableInLake(identifier);
        return table.isPresent()
                ? super.loadPathTable(
                        Identifier.of(new String[] {"delta"}, table.get().toString()))
                : super.loadTable(identifier);
    }

    @Override
    public Table loadTable(Identifier identifier, Set<TableWritePrivilege> privileges) throws NoSuchTableException {
        refuse(identifier, "change");
        return super.loadTable(identifier, privileges);
    }

    @Override
    public boolean tableExists(Identifier identifier) {
        return tableInLake(identifier).isPresent() || super.tableExists(identifier);
    }

    @Override
    public Identifier[] listTables(String[] namespace) throws NoSuchNamespaceException {
        List<Identifier> tables = new ArrayList<>();
        boolean inLake = schemaInLake(namespace).isPresent();
        if (inLake) {
            for (String name : tableNames(namespace[0])) {
                tables.add(Identifier.of(namespace, name));
            }
        }
        if (!inLake || super.namespaceExists(namespace)) {
            tables.addAll(Arrays.asList(super.listTables(namespace)));
        }
        return tables.stream().distinct().toArray(Identifier[]::new);
    }

    @Override
    public String[][] listNamespaces() throws NoSuchNamespaceException {
        Set<String> names = new TreeSet<>();
        for (String[] known : super.listNamespaces()) {
            names.add(String.join(".", known));
        }
        home().ifPresent(home -> names.addAll(folders(home.tables())));
        return names.stream().map(name -> new String[] {name}).toArray(String[][]::new);
    }

    @Override
    public String[][] listNamespaces(String[] namespace) throws NoSuchNamespaceException {
        if (namespace.length == 0) {
            return listNamespaces();
        }
        return schemaInLake(namespace).isPresent() ? new String[0][] : super.listNamespaces(namespace);
    }

    @Override
    public boolean namespaceExists(String[] namespace) {
        return schemaInLake(namespace).isPresent() || super.namespaceExists(namespace);
    }

    @Override
    public Map<String, String> loadNamespaceMetadata(String[] namespace) throws NoSuchNamespaceException {
        Optional<Path> schema = schemaInLake(namespace);
        return schema.isPresent() && !super.namespaceExists(namespace)
                ? Map.of("location", schema.get().toString(), "comment", "a schema of the lake")
                : super.loadNamespaceMetadata(namespace);
    }

    @Override
    public Table createTable(
            Identifier identifier, Column[] columns, Transform[] partitions, Map<String, String> properties) {
        refuse(identifier, "create");
        return super.createTable(identifier, columns, partitions, properties);
    }

    @Override
    public Table createTable(
            Identifier identifier, StructType schema, Transform[] partitions, Map<String, String> properties) {
        refuse(identifier, "create");
        return super.createTable(identifier, schema, partitions, properties);
    }

    @Override
    public Table createTableLike(Identifier identifier, TableInfo info, Table source) {
        refuse(identifier, "create");
        return super.createTableLike(identifier, info, source);
    }

    @Override
    public StagedTable stageCreate(
            Identifier identifier, Column[] columns, Transform[] partitions, Map<String, String> properties) {
        refuse(identifier, "create");
        return super.stageCreate(identifier, columns, partitions, properties);
    }

    @Override
    public StagedTable stageCreate(
            Identifier identifier, StructType schema, Transform[] partitions, Map<String, String> properties) {
        refuse(identifier, "create");
        return super.stageCreate(identifier, schema, partitions, properties);
    }

    @Override
    public StagedTable stageCreate(Identifier identifier, TableInfo info) throws TableAlreadyExistsException {
        refuse(identifier, "create");
        try {
            return super.stageCreate(identifier, info);
        } catch (NoSuchNamespaceException missing) {
            throw new IllegalArgumentException(missing);
        }
    }

    @Override
    public StagedTable stageReplace(
            Identifier identifier, Column[] columns, Transform[] partitions, Map<String, String> properties) {
        refuse(identifier, "replace");
        return super.stageReplace(identifier, columns, partitions, properties);
    }

    @Override
    public StagedTable stageReplace(
            Identifier identifier, StructType schema, Transform[] partitions, Map<String, String> properties) {
        refuse(identifier, "replace");
        return super.stageReplace(identifier, schema, partitions, properties);
    }

    @Override
    public StagedTable stageCreateOrReplace(
            Identifier identifier, Column[] columns, Transform[] partitions, Map<String, String> properties) {
        refuse(identifier, "replace");
        return super.stageCreateOrReplace(identifier, columns, partitions, properties);
    }

    @Override
    public StagedTable stageCreateOrReplace(
            Identifier identifier, StructType schema, Transform[] partitions, Map<String, String> properties) {
        refuse(identifier, "replace");
        return super.stageCreateOrReplace(identifier, schema, partitions, properties);
    }

    @Override
    public Table alterTable(Identifier identifier, TableChange... changes) {
        refuse(identifier, "alter");
        return super.alterTable(identifier, changes);
    }

    @Override
    public boolean dropTable(Identifier identifier) {
        refuse(identifier, "drop");
        return super.dropTable(identifier);
    }

    @Override
    public boolean purgeTable(Identifier identifier) {
        refuse(identifier, "drop");
        return super.purgeTable(identifier);
    }

    @Override
    public void renameTable(Identifier from, Identifier to) throws NoSuchTableException, TableAlreadyExistsException {
        refuse(from, "rename");
        refuse(to, "create");
        super.renameTable(from, to);
    }

    @Override
    public void createNamespace(String[] namespace, Map<String, String> metadata)
            throws NamespaceAlreadyExistsException {
        refuseSchema(namespace, "created");
        super.createNamespace(namespace, metadata);
    }

    @Override
    public void alterNamespace(String[] namespace, NamespaceChange... changes) throws NoSuchNamespaceException {
        refuseSchema(namespace, "altered");
        super.alterNamespace(namespace, changes);
    }

    @Override
    public boolean dropNamespace(String[] namespace, boolean cascade)
            throws NoSuchNamespaceException, NonEmptyNamespaceException {
        refuseSchema(namespace, "dropped");
        return super.dropNamespace(namespace, cascade);
    }

    /** The catalog of a session, empty where the session is not set up for a lake. */
    static Optional<LakeCatalog> of(SparkSession session) {
        // Spark and Delta ask the thread's active session, not the one that the catalog belongs to.
        var classic = (org.apache.spark.sql.classic.SparkSession) session;
        Object catalog =
                classic.withActive(() -> classic.sessionState().catalogManager().v2SessionCatalog());
        return catalog instanceof LakeCatalog lake ? Optional.of(lake) : Optional.empty();
    }

    /** The lake's tables by their names, sorted. */
    List<String> tables() {
        List<String> tables = new ArrayList<>();
        home().ifPresent(home -> {
            for (String schema : folders(home.tables())) {
                for (String table : tableNames(schema)) {
                    tables.add(schema + "." + table);
                }
            }
        });
        return tables;
    }

    private Optional<SessionHome> home() {
        return SessionHome.of(spark().conf());
    }

    private Optional<Path> schemaInLake(String[] namespace) {
        if (namespace.length != 1) {
            return Optional.empty();
        }
        return home().map(home -> new Path(home.tables(), namespace[0])).filter(this::isFolder);
    }

    private Optional<Path> tableInLake(Identifier identifier) {
        if (identifier.namespace().length != 1) {
            return Optional.empty();
        }
        Optional<DatasetName> dataset = datasetName(identifier.namespace()[0], identifier.name());
        return dataset.flatMap(name -> home().map(home -> home.table(name)))
                .filter(table -> isFolder(new Path(table, "_delta_log")));
    }

    /** Spark compares names without regard to case, the home's folders are lower-case. */
    private static Optional<DatasetName> datasetName(String schema, String name) {
        try {
            return Optional.of(new DatasetName(
                    schema.toLowerCase(java.util.Locale.ROOT), name.toLowerCase(java.util.Locale.ROOT)));
        } catch (LakeException notOneOfOurs) {
            return Optional.empty();
        }
    }

    private Set<String> tableNames(String schema) {
        Set<String> names = new TreeSet<>();
        home().ifPresent(home -> {
            Path folder = new Path(home.tables(), schema);
            folders(folder).stream()
                    .filter(name -> isFolder(new Path(new Path(folder, name), "_delta_log")))
                    .forEach(names::add);
        });
        return names;
    }

    private Set<String> folders(Path parent) {
        Set<String> names = new TreeSet<>();
        try {
            Stream.of(fileSystem(parent).listStatus(parent))
                    .filter(FileStatus::isDirectory)
                    .map(status -> status.getPath().getName())
                    .filter(name -> !name.startsWith("_") && !name.startsWith("."))
                    .forEach(names::add);
        } catch (FileNotFoundException nothingThereYet) {
            return names;
        } catch (IOException failure) {
            throw unreadable(parent, failure);
        }
        return names;
    }

    private boolean isFolder(Path path) {
        try {
            return fileSystem(path).getFileStatus(path).isDirectory();
        } catch (FileNotFoundException missing) {
            return false;
        } catch (IOException failure) {
            throw unreadable(path, failure);
        }
    }

    private FileSystem fileSystem(Path path) throws IOException {
        return path.getFileSystem(spark().sessionState().newHadoopConf());
    }

    /** @throws LakeException where the identifier lies in one of the lake's schemas */
    void refuse(Identifier identifier, String verb) {
        String[] namespace = identifier.namespace();
        if (namespace.length == 1 && schemaInLake(namespace).isPresent()) {
            throw LakeException.failed(
                    "cannot " + verb + " " + namespace[0] + "." + identifier.name() + " by its name",
                    "the lake's schemas are read-only in SQL, so that every row keeps its provenance and its audit trail",
                    "bring rows in with `lake ingest`; for results of your own use CREATE TEMPORARY VIEW or another"
                            + " schema");
        }
    }

    private void refuseSchema(String[] namespace, String participle) {
        if (schemaInLake(namespace).isPresent()) {
            throw LakeException.failed(
                    "the schema " + namespace[0] + " cannot be " + participle,
                    "it belongs to the lake and is read-only in SQL",
                    "use a schema of your own, under another name");
        }
    }

    private static LakeException unreadable(Path path, IOException failure) {
        return LakeException.failed(
                "cannot look into the lake's home",
                path + ": " + failure.getMessage(),
                "check spark.lake.home and the rights on that place",
                failure);
    }
}
