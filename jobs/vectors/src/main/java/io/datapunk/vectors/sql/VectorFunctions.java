package io.datapunk.vectors.sql;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Functions of SQL, in every session that has this on its class path: {@code vector_search(collection, text [, top])} is a table
 * of what was found, see {@link VectorSearch#search}; {@code text_vector(text)} is the vector of a text, as {@code lake vectors
 * embed} makes it.
 */
public final class VectorFunctions implements SparkSessionExtensionsProvider {
    static final String SEARCH = "vector_search";
    static final String TEXT_VECTOR = "text_vector";

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        extensions.injectTableFunction(
                new Tuple3<>(new FunctionIdentifier(SEARCH), info(SEARCH), new Builder<LogicalPlan>() {
                    @Override
                    public LogicalPlan apply(Seq<Expression> arguments) {
                        return search(CollectionConverters.asJava(arguments));
                    }
                }));
        extensions.injectFunction(
                new Tuple3<>(new FunctionIdentifier(TEXT_VECTOR), info(TEXT_VECTOR), new Builder<Expression>() {
                    @Override
                    public Expression apply(Seq<Expression> arguments) {
                        return textVector(arguments);
                    }
                }));
        return BoxedUnit.UNIT;
    }

    private abstract static class Builder<T> extends AbstractFunction1<Seq<Expression>, T> {}

    private static ExpressionInfo info(String name) {
        return new ExpressionInfo(VectorFunctions.class.getName(), name);
    }

    private static LogicalPlan search(List<Expression> arguments) {
        SearchArguments asked = SearchArguments.of(arguments);
        return VectorSearch.of(SparkSession.active())
                .search(asked.collection(), asked.text(), asked.most())
                .queryExecution()
                .analyzed();
    }

    private static Expression textVector(Seq<Expression> arguments) {
        SearchArguments.requireOneText(arguments.size());
        return new ScalaUDF(
                new TextVectorFunction(VectorSearch.of(SparkSession.active()).model()),
                DataTypes.createArrayType(DataTypes.FloatType, false),
                arguments,
                CollectionConverters.asScala(
                                List.<Option<org.apache.spark.sql.catalyst.encoders.ExpressionEncoder<?>>>of())
                        .toSeq(),
                Option.empty(),
                Option.apply(TEXT_VECTOR),
                true,
                true);
    }
}
