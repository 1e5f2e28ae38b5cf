package io.opencrane.testkit.controlplane;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** What one control plane and its administrator know each other by; made afresh each time. */
final class Credentials {
    private static final int KEY_BITS = 2048;
    private static final int TOKEN_BYTES = 16;

    private final String token;

    private Credentials(String token) {
        this.token = token;
    }

    static Credentials create() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return new Credentials(HexFormat.of().formatHex(random));
    }

    String token() {
        return token;
    }

    /** The file of {@code --token-auth-file}: one administrator. */
    String tokensCsv() {
        return token + ",admin,admin,\"system:masters\"\n";
    }

    /** A new private key, PKCS 8 in PEM, that signs and verifies service-account tokens. */
    static String serviceAccountKeyPem() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
            return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has RSA.", impossible);
        }
    }

    String kubeconfig(URI server, String certificatesPem) {
        String authority = Base64.getEncoder().encodeToString(certificatesPem.getBytes(StandardCharsets.US_ASCII));
        return """
                apiVersion: v1
                kind: Config
                clusters:
                  - name: control-plane
                    cluster:
                      server: %s
                      certificate-authority-data: %s
                users:
                  - name: admin
                    user:
                      token: %s
                contexts:
                  - name: control-plane
                    context:
                      cluster: control-plane
                      user: admin
                      namespace: default
                current-context: control-plane
                """.formatted(server, authority, token);
    }
}
