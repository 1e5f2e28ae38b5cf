package io.opencrane.postgres;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The conditions of one SELECT and what they compare with. Not thread-safe. */
final class Filters {
    private final List<String> conditions = new ArrayList<>(List.of("true"));
    private final List<Binding> bindings = new ArrayList<>();

    private record Binding(String name, Object value) {}

    /** A condition in SQL that names one parameter. */
    Filters add(String condition, String parameter, String value) {
        conditions.add(condition);
        bindings.add(new Binding(parameter, value));
        return this;
    }

    /** Only these namespaces; empty for all. */
    Filters within(List<String> namespaces) {
        if (!namespaces.isEmpty()) {
            conditions.add("namespace = ANY(:namespaces)");
            bindings.add(new Binding("namespaces", namespaces.toArray(String[]::new)));
        }
        return this;
    }

    Query query(Handle handle, String select, String rest) {
        Query query = handle.createQuery(select + " WHERE " + String.join(" AND ", conditions) + rest);
        bindings.forEach(binding -> query.bind(binding.name(), binding.value()));
        return query;
    }
}
