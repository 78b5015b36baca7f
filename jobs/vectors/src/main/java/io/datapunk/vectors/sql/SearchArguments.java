package io.datapunk.vectors.sql;

import io.datapunk.lake.model.LakeException;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What {@code vector_search} is given.
 *
 * @param most rows to find
 */
record SearchArguments(String collection, String text, int most) {
    private static final int DEFAULT_MOST = 10;
    private static final String REMEDY = "write it as vector_search('activity', 'boats on a lake', 10)";

    /** @throws LakeException (usage) where they are not two texts and at most a number */
    static SearchArguments of(List<Expression> arguments) {
        if (arguments.size() < 2 || arguments.size() > 3) {
            throw LakeException.usage(
                    "vector_search cannot be understood", "it has " + arguments.size() + " arguments", REMEDY);
        }
        return new SearchArguments(
                constant(arguments.get(0), UTF8String.class).toString(),
                constant(arguments.get(1), UTF8String.class).toString(),
                arguments.size() == 2 ? DEFAULT_MOST : constant(arguments.get(2), Integer.class));
    }

    static void requireOneText(int arguments) {
        if (arguments != 1) {
            throw LakeException.usage(
                    "text_vector cannot be understood",
                    "it has " + arguments + " arguments",
                    "write it as text_vector(title)");
        }
    }

    private static <T> T constant(Expression argument, Class<T> type) {
        Object value = argument.resolved() && argument.foldable() ? argument.eval(InternalRow.empty()) : null;
        if (!type.isInstance(value)) {
            throw LakeException.usage(
                    "vector_search cannot be understood",
                    argument.sql() + " is no constant " + (type == Integer.class ? "integer" : "text"),
                    REMEDY);
        }
        return type.cast(value);
    }
}
