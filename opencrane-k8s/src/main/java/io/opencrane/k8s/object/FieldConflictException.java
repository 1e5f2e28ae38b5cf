package io.opencrane.k8s.object;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** An unforced apply met fields that other managers own; nothing was written. Its code is {@code CONFLICT}. */
public final class FieldConflictException extends OpenCraneException {
    private static final long serialVersionUID = 1L;

    private final transient SortedMap<String, SortedSet<String>> owners;

    /**
     * Names who owns what.
     *
     * @param subject the object, as ObjectRef prints it
     * @param owners for each other manager the fields, as the server writes them: {@code .spec.replicas}
     */
    public FieldConflictException(String subject, Map<String, ? extends Set<String>> owners) {
        super(ErrorCode.CONFLICT, subject, sentence(owners));
        this.owners = sorted(owners);
    }

    private static SortedMap<String, SortedSet<String>> sorted(Map<String, ? extends Set<String>> owners) {
        SortedMap<String, SortedSet<String>> sorted = new TreeMap<>();
        owners.forEach((manager, fields) -> sorted.put(manager, new TreeSet<>(fields)));
        return sorted;
    }

    private static String sentence(Map<String, ? extends Set<String>> owners) {
        return sorted(owners).entrySet().stream()
                        .map(owner ->
                                "Field manager " + owner.getKey() + " owns " + String.join(", ", owner.getValue()))
                        .collect(Collectors.joining("; "))
                + ".";
    }

    /**
     * The fields that others own.
     *
     * @return for example {@code .spec.replicas}
     */
    public Set<String> fields() {
        return owners.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
    }
}
