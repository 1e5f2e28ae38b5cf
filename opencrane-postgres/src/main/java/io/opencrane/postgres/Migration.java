package io.opencrane.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * One step of the schema. Once released, its file never changes; a later wish is a later file.
 *
 * @param version its number
 * @param name its file's name
 * @param sql its statements
 * @param checksum SHA-256 of the statements, line ends apart
 */
record Migration(int version, String name, String sql, String checksum) {
    /** Named here, because a jar's directory cannot be listed on every class loader. */
    static List<Migration> all() {
        return Stream.of(
                        "V001__tenants.sql",
                        "V002__audit_log.sql",
                        "V003__tenant_litellm_keys.sql",
                        "V004__checks.sql",
                        "V005__budgets.sql",
                        "V006__access_policies.sql")
                .map(Migration::load)
                .toList();
    }

    static Migration of(String name, String text) {
        String sql = text.replace("\r\n", "\n");
        return new Migration(Integer.parseInt(name.substring(1, name.indexOf("__"))), name, sql, sha256(sql));
    }

    private static Migration load(String name) {
        try (InputStream file = Migration.class.getResourceAsStream("migrations/" + name)) {
            if (file == null) {
                throw new IllegalStateException("The jar of opencrane-postgres lacks the migration " + name
                        + "; was it repackaged without its resources?");
            }
            return of(name, new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
