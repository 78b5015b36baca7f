package io.datapunk.lake.spark;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.TimeTravel;
import org.apache.spark.sql.catalyst.analysis.ResolvedTable;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.RestoreTableStatement;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.connector.catalog.Identifier;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Refuses the statements that change a table of the lake without asking {@link LakeCatalog} for the right to write:
 * TRUNCATE, OPTIMIZE, VACUUM, RESTORE and their like load the table as a reader would.
 *
 * <p>Goes before Delta's own extension in {@code spark.sql.extensions}, which turns some of them into commands that no
 * longer know the table's name.
 */
public final class LakeExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        extensions.injectResolutionRule(new AbstractFunction1<>() {
            @Override
            public Rule<LogicalPlan> apply(SparkSession session) {
                return new RefuseChanges(session);
            }
        });
        return BoxedUnit.UNIT;
    }

    private static final class RefuseChanges extends Rule<LogicalPlan> {
        private static final List<String> READERS =
                List.of("Describe", "Show", "Cache", "Uncache", "Refresh", "Analyze", "CreateView", "Explain");

        private final SparkSession session;

        RefuseChanges(SparkSession session) {
            this.session = session;
        }

        @Override
        public LogicalPlan apply(LogicalPlan plan) {
            if (plan instanceof RestoreTableStatement) {
                refuseRestore(plan);
            } else if (plan instanceof Command && !reads(plan)) {
                refuseIn(plan);
            }
            return plan;
        }

        private static boolean reads(LogicalPlan command) {
            String name = command.getClass().getSimpleName();
            return READERS.stream().anyMatch(name::startsWith);
        }

        private static void refuseIn(LogicalPlan plan) {
            for (Iterator<LogicalPlan> children = plan.children().iterator(); children.hasNext(); ) {
                if (children.next() instanceof ResolvedTable table && table.catalog() instanceof LakeCatalog lake) {
                    lake.refuse(table.identifier(), "change");
                }
            }
        }

        /** Delta resolves what is to be restored and forgets its name in one step, so only the written name is left. */
        private void refuseRestore(LogicalPlan plan) {
            if (plan instanceof TimeTravel pointInTime) {
                refuseRestore(pointInTime.relation());
            } else if (plan instanceof UnresolvedRelation table) {
                List<String> name = CollectionConverters.asJava(table.multipartIdentifier());
                String schema = name.size() > 1
                        ? name.get(name.size() - 2)
                        : session.catalog().currentDatabase();
                LakeCatalog.of(session)
                        .ifPresent(lake -> lake.refuse(
                                Identifier.of(new String[] {schema}, name.get(name.size() - 1)), "restore"));
            }
            for (Iterator<LogicalPlan> children = plan.children().iterator(); children.hasNext(); ) {
                refuseRestore(children.next());
            }
        }
    }
}
