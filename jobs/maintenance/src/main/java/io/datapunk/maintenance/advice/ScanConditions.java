package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.TuningTrials.Search;
import io.datapunk.lake.postgres.TuningTrials.SearchedColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.GreaterThan;
import net.sf.jsqlparser.expression.operators.relational.GreaterThanEquals;
import net.sf.jsqlparser.expression.operators.relational.JsonOperator;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.MinorThan;
import net.sf.jsqlparser.expression.operators.relational.MinorThanEquals;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.Select;

/**
 * Reads a condition as PostgreSQL's plans print it: which columns every row of a scan has to match, where they are compared
 * with what is known before the scan begins.
 */
final class ScanConditions {
    private ScanConditions() {}

    /** @return nothing of what is not understood, as of subplans: a scan of which less is known gives less advice */
    static List<SearchedColumn> of(String condition) {
        List<SearchedColumn> columns = new ArrayList<>();
        try {
            // The parser knows neither how PostgreSQL numbers parameters nor how it prints LIKE.
            collect(
                    CCJSqlParserUtil.parseCondExpression(
                            condition
                                    .replaceAll("\\$(\\d+)", ":p$1")
                                    .replace(" ~~* ", " ILIKE ")
                                    .replace(" ~~ ", " LIKE "),
                            false),
                    columns);
        } catch (JSQLParserException e) {
            return List.of();
        }
        return columns;
    }

    private static void collect(Expression expression, List<SearchedColumn> columns) {
        if (expression instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
            collect(list.get(0), columns);
        } else if (expression instanceof AndExpression and) {
            collect(and.getLeftExpression(), columns);
            collect(and.getRightExpression(), columns);
        } else if (expression instanceof BinaryExpression comparison && isKnown(comparison.getRightExpression())) {
            search(comparison).ifPresent(search -> column(comparison.getLeftExpression())
                    .ifPresent(column -> columns.add(new SearchedColumn(column, search))));
        }
    }

    private static Optional<Search> search(BinaryExpression comparison) {
        if (comparison instanceof EqualsTo) {
            return Optional.of(Search.EQUAL);
        }
        if (comparison instanceof LikeExpression like) {
            return like.isNot() ? Optional.empty() : Optional.of(Search.PART);
        }
        if (comparison instanceof JsonOperator contained) {
            return contained.getStringExpression().equals("@>") ? Optional.of(Search.CONTAINED) : Optional.empty();
        }
        return comparison instanceof GreaterThan
                        || comparison instanceof GreaterThanEquals
                        || comparison instanceof MinorThan
                        || comparison instanceof MinorThanEquals
                ? Optional.of(Search.RANGE)
                : Optional.empty();
    }

    /** A column as it is, or cast to another type of text. */
    private static Optional<String> column(Expression expression) {
        if (expression instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
            return column(list.get(0));
        }
        if (expression instanceof CastExpression cast) {
            return cast.getColDataType().toString().equals("text")
                    ? column(cast.getLeftExpression())
                    : Optional.empty();
        }
        return expression instanceof Column column ? Optional.of(unquoted(column.getColumnName())) : Optional.empty();
    }

    private static String unquoted(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    private static boolean isKnown(Expression expression) {
        boolean[] known = {true};
        expression.accept(
                new ExpressionVisitorAdapter<Void>() {
                    @Override
                    public <S> Void visit(Column column, S context) {
                        known[0] = false;
                        return null;
                    }

                    @Override
                    public <S> Void visit(Select select, S context) {
                        known[0] = false;
                        return null;
                    }
                },
                null);
        return known[0];
    }
}
