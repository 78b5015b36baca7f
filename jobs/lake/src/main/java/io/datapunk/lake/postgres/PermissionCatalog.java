package io.datapunk.lake.postgres;

import io.datapunk.lake.audit.RoleSurrogates;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who may do what in the lake's database: roles with their rights and memberships, and of the database, its schemas and its
 * tables the owner, the grants and the policies, and which users' rows a reader sees. Roles stand in the values by their
 * numbers. Catalogs that everybody may read are enough for it.
 */
final class PermissionCatalog {
    private static final String ROLE = "role";

    // Tables without any grant are their owner's alone, as the leaves are that come and go.
    private static final String QUERY = """
            SELECT 'role' AS kind, role.rolname AS schema, NULL AS name,
                   concat_ws('|', (to_jsonb(role) - 'rolname' - 'rolpassword')::text,
                             (SELECT string_agg((to_jsonb(membership) - 'oid')::text, ',' ORDER BY roleid, grantor)
                                FROM pg_auth_members membership WHERE membership.member = role.oid)) AS value
              FROM pg_roles role
             WHERE role.rolname !~ '^pg_'
            UNION ALL
            SELECT 'database', NULL, datname, concat_ws('|', datdba, %s)
              FROM pg_database
             WHERE datname = current_database()
            UNION ALL
            SELECT 'schema', nspname, NULL, concat_ws('|', nspowner, %s)
              FROM pg_namespace
             WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
            UNION ALL
            SELECT 'table', nspname, relname,
                   concat_ws('|', relowner, relrowsecurity, relforcerowsecurity, %s,
                             (SELECT string_agg(attname || ' ' || attacl::text, ',' ORDER BY attnum)
                                FROM pg_attribute WHERE attrelid = relation.oid AND attacl IS NOT NULL),
                             (SELECT string_agg(
                                         concat_ws(' ', polname, polcmd, polpermissive, polroles::text,
                                                   pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)),
                                         ',' ORDER BY polname)
                                FROM pg_policy WHERE polrelid = relation.oid))
              FROM pg_class relation
              JOIN pg_namespace schema ON schema.oid = relnamespace
             WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
               AND nspname !~ '^pg_' AND nspname <> 'information_schema'
               AND (relacl IS NOT NULL OR relrowsecurity
                    OR EXISTS (SELECT FROM pg_attribute WHERE attrelid = relation.oid AND attacl IS NOT NULL))
            """.formatted(
            grants("datacl", "d", "datdba"), grants("nspacl", "n", "nspowner"), grants("relacl", "r", "relowner"));

    private static final String ROWS = """
            SELECT 'rows of', role, NULL, string_agg(user_id, ',' ORDER BY user_id) FROM lake.user_roles GROUP BY role
            """;

    private final Connection connection;
    private final RoleSurrogates roles;

    PermissionCatalog(Connection connection, RoleSurrogates roles) {
        this.connection = connection;
        this.roles = roles;
    }

    private record Permission(String kind, String schema, String name, String value) {}

    /** By what they are permissions on, as {@code table user_data.activity}; roles of others by their surrogates. */
    Map<String, String> read() throws SQLException {
        List<Permission> found = new ArrayList<>(query(QUERY));
        // The lake may not have made its tables yet.
        if (Statements.texts(connection, "SELECT 1 WHERE to_regclass('lake.user_roles') IS NOT NULL")
                .contains("1")) {
            found.addAll(query(ROWS));
        }
        Set<String> names = new HashSet<>();
        found.stream()
                .filter(each -> each.kind().equals(ROLE))
                .map(Permission::schema)
                .forEach(names::add);
        Map<String, String> permissions = new TreeMap<>();
        for (Permission each : found) {
            permissions.put(subject(each, names), each.value());
        }
        return permissions;
    }

    /** A schema may have the name of a role. */
    private String subject(Permission permission, Set<String> names) {
        String schema = permission.schema();
        boolean isRole = permission.kind().equals("rows of") || names.contains(schema);
        StringBuilder subject = new StringBuilder(permission.kind()).append(' ');
        if (schema != null) {
            subject.append(isRole ? roles.of(schema) : schema);
        }
        if (permission.name() != null) {
            subject.append(schema == null ? "" : ".").append(permission.name());
        }
        return subject.toString();
    }

    private List<Permission> query(String sql) throws SQLException {
        List<Permission> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(new Permission(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
            }
        }
        return found;
    }

    /** What is granted, in an order that stays; without any grant what the kind of object gives. */
    private static String grants(String column, String kind, String owner) {
        return """
                (SELECT string_agg(concat_ws(' ', grantee, grantor, privilege_type, is_grantable), ','
                                   ORDER BY grantee, grantor, privilege_type)
                   FROM aclexplode(coalesce(%s, acldefault('%s', %s))))""".formatted(column, kind, owner);
    }
}
