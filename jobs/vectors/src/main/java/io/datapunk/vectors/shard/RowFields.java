package io.datapunk.vectors.shard;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/** A row as Lucene has it. */
final class RowFields {
    static final String TEXT = "text";
    static final String KEY = "key";

    private static final String ID = "id";
    private static final String CONTENT = "content";
    private static final String USER = "user";
    private static final String TIME = "time";
    private static final String TIME_STORED = "time_stored";
    private static final String ATTRIBUTE = "attribute.";
    private static final char SEPARATOR = '\n';

    /** Bytes; Lucene refuses longer terms. */
    private static final int LONGEST_TERM = 32_766;

    /** Of a character of Java's in UTF-8. */
    private static final int MOST_BYTES = 3;

    private RowFields() {}

    static Analyzer analyzer() {
        return new StandardAnalyzer();
    }

    static Document document(IndexedRow row) {
        Document document = new Document();
        document.add(new StoredField(ID, row.id()));
        document.add(new StoredField(CONTENT, row.contentSha256()));
        document.add(new BinaryDocValuesField(KEY, new BytesRef(row.contentSha256() + SEPARATOR + row.id())));
        row.userId().ifPresent(user -> document.add(new StringField(USER, user, Store.YES)));
        row.eventTime().ifPresent(time -> {
            document.add(new LongPoint(TIME, microseconds(time)));
            document.add(new StoredField(TIME_STORED, microseconds(time)));
        });
        row.text().ifPresent(text -> document.add(new TextField(TEXT, text, Store.YES)));
        // What is longer than a term may be cannot be asked for; it is kept all the same.
        row.attributes()
                .forEach((name, value) -> document.add(
                        value.length() * MOST_BYTES <= LONGEST_TERM
                                ? new StringField(ATTRIBUTE + name, value, Store.YES)
                                : new StoredField(ATTRIBUTE + name, value)));
        return document;
    }

    static IndexedRow row(Document document) {
        Map<String, String> attributes = new HashMap<>();
        for (IndexableField field : document.getFields()) {
            if (field.name().startsWith(ATTRIBUTE)) {
                attributes.put(field.name().substring(ATTRIBUTE.length()), field.stringValue());
            }
        }
        return new IndexedRow(
                document.get(ID),
                document.get(CONTENT),
                Optional.ofNullable(document.get(USER)),
                Optional.ofNullable(document.getField(TIME_STORED))
                        .map(field -> instant(field.numericValue().longValue())),
                Optional.ofNullable(document.get(TEXT)),
                attributes);
    }

    static RowKey key(BytesRef bytes) {
        String text = bytes.utf8ToString();
        int end = text.indexOf(SEPARATOR);
        return new RowKey(text.substring(end + 1), text.substring(0, end));
    }

    static Query query(RowFilter filter) {
        List<Query> conditions = new ArrayList<>();
        filter.userId().ifPresent(user -> conditions.add(new TermQuery(new Term(USER, user))));
        if (filter.from().isPresent() || filter.to().isPresent()) {
            conditions.add(LongPoint.newRangeQuery(
                    TIME,
                    filter.from().map(RowFields::microseconds).orElse(Long.MIN_VALUE),
                    filter.to().map(time -> microseconds(time) - 1).orElse(Long.MAX_VALUE)));
        }
        filter.attributes().forEach((name, value) -> conditions.add(new TermQuery(new Term(ATTRIBUTE + name, value))));
        return conditions.isEmpty() ? new MatchAllDocsQuery() : all(conditions, Occur.FILTER);
    }

    static Query all(List<Query> conditions, Occur occur) {
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        conditions.forEach(condition -> query.add(condition, occur));
        return query.build();
    }

    private static long microseconds(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static Instant instant(long microseconds) {
        return Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS);
    }
}
