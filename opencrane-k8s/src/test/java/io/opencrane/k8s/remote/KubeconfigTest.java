package io.opencrane.k8s.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeconfigTest {
    private static final String SECRET = "vendors-token-0123456789";
    private static final String CERTIFICATE =
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJkakNDQVJ1Z0F3SUJBZ0lVV2dTZHAxenozeHdwVWZNQStnMFdJNGhBZ09B"
                    + "d0NnWUlLb1pJemowRUF3SXcKRHpFTk1Bc0dBMVVFQXd3RWRHVnpkREFnRncweU5qRXhNakV4TkRReU1qZGFHQTh5TVRJMk1UQXlP"
                    + "REUwTkRJeQpOMW93RHpFTk1Bc0dBMVVFQXd3RWRHVnpkREJaTUJNR0J5cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSEEwSUFCR2YwCjVO"
                    + "dkxvY0F6SUpyd3lqaGV0OGxsQ0x4VWVhdzQ2cUw3dkR6SmZSR1lZY2YyQm16clM3WjlTL3ZqNjJmb3I2OEwKcVJpblFlalBpOHBI"
                    + "dUVMbU5IaWpVekJSTUIwR0ExVWREZ1FXQkJRcmtUaGtQdzRRS2QwY2t5MmFsNmdreEc4TgpzakFmQmdOVkhTTUVHREFXZ0JRcmtU"
                    + "aGtQdzRRS2QwY2t5MmFsNmdreEc4TnNqQVBCZ05WSFJNQkFmOEVCVEFECkFRSC9NQW9HQ0NxR1NNNDlCQU1DQTBrQU1FWUNJUUNy"
                    + "K1VsMUc3ZnRlWEdUOWxaMFF0cHczM0tXcFBkblMyZFUKbVRRS1dNR2NUQUloQUlGY01VZXR2eTZRVTBscEZFTXF4Q1o1RklCZ1FY"
                    + "OW9DakhMUkhtT0lEQXMKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";
    private static final String GOOD = """
            apiVersion: v1
            kind: Config
            current-context: main
            contexts:
            - name: other
              context: {cluster: other, user: other}
            - name: main
              context: {cluster: theirs, user: admin, namespace: ignored}
            clusters:
            - name: theirs
              cluster:
                server: https://k8s.vendor.example:6443/prefix
                certificate-authority-data: CERT
            - name: other
              cluster: {server: "http://elsewhere"}
            users:
            - name: admin
              user:
                token: TOKEN
            - name: other
              user: {exec: {command: rm}}
            """.replace("TOKEN", SECRET).replace("CERT", CERTIFICATE);

    private final Map<String, String> changed = new HashMap<>();

    @AfterEach
    void restoreProperties() {
        changed.forEach((name, before) -> {
            if (before == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, before);
            }
        });
    }

    private void property(String name, String value) {
        changed.putIfAbsent(name, System.getProperty(name));
        System.setProperty(name, value);
    }

    private static Config read(String yaml) throws Kubeconfig.Unusable {
        return Kubeconfig.read(yaml.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(3));
    }

    private static void assertRefused(String yaml, String... words) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(Kubeconfig.Unusable.class)
                .hasMessageMatching("(is|has|says|names) .*\\.")
                .hasNoCause()
                .extracting(Throwable::getMessage)
                .asString()
                .satisfies(message -> assertThat(List.of(words))
                        .allSatisfy(word -> assertThat(message).contains(word)))
                .doesNotContain(SECRET, "0123456789", CERTIFICATE.substring(0, 20));
    }

    private static String user(String fields) {
        return GOOD.replace("token: " + SECRET, fields.replace("\n", "\n    "));
    }

    private static String key() throws Exception {
        byte[] key = KeyPairGenerator.getInstance("EC")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key) + "\n-----END PRIVATE KEY-----\n";
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void onlyTheFieldsThatWereCheckedAreTaken() throws Exception {
        Config config = read(GOOD);

        assertThat(config.getMasterUrl()).isEqualTo("https://k8s.vendor.example:6443/prefix/");
        assertThat(config.getOauthToken()).isEqualTo(SECRET);
        assertThat(config.getCaCertData()).isEqualTo(CERTIFICATE);
        assertThat(config.getNamespace()).isNull();
        assertThat(config.getRequestTimeout()).isEqualTo(3000);
        assertThat(config.getRequestRetryBackoffLimit()).isEqualTo(2);
        assertThat(config.isTrustCerts()).isFalse();
        assertThat(config.isDisableHostnameVerification()).isFalse();
    }

    @Test
    void nothingOfThisProcessGetsIntoTheConfigurationNorByARefreshAfterA401() throws Exception {
        property("kubernetes.master", "https://ours");
        property("kubernetes.auth.token", "our-token");
        property("kubernetes.auth.serviceAccount.token", "/etc/hostname");
        property("kubernetes.auth.basic.username", "our-user");
        property("kubernetes.auth.basic.password", "our-password");
        property("kubernetes.certs.client.file", "/etc/hostname");
        property("kubernetes.certs.ca.file", "/etc/hostname");
        property("kubernetes.trust.certificates", "true");
        property("kubernetes.disable.hostname.verification", "true");
        property("kubernetes.impersonate.username", "our-user");
        property("https.proxy", "http://our-proxy:1");
        property("kubernetes.namespace", "ours");
        property("kubernetes.keystore.file", "/etc/hostname");

        Config config = read(GOOD);

        for (Config taken : new Config[] {config, config.refresh()}) {
            assertThat(taken.getMasterUrl()).startsWith("https://k8s.vendor.example");
            assertThat(taken.getOauthToken()).isEqualTo(SECRET);
            assertThat(taken.getAutoOAuthToken()).isNull();
            assertThat(taken.getUsername()).isNull();
            assertThat(taken.getPassword()).isNull();
            assertThat(taken.getClientCertFile()).isNull();
            assertThat(taken.getCaCertFile()).isNull();
            assertThat(taken.getKeyStoreFile()).isNull();
            assertThat(taken.getHttpsProxy()).isNull();
            assertThat(taken.getNamespace()).isNull();
            assertThat(taken.isTrustCerts()).isFalse();
            assertThat(taken.isDisableHostnameVerification()).isFalse();
            assertThat(taken.getRequestConfig().getImpersonateUsername()).isNull();
        }
    }

    @Test
    void aConfigurationWithACertificateAndNoTokenFindsNoTokenOfOursByRefreshing() throws Exception {
        property("kubernetes.auth.token", "our-token");
        String certificate = user("client-certificate-data: " + CERTIFICATE + "\nclient-key-data: " + key());

        Config config = read(certificate);

        assertThat(config.getClientCertData()).isEqualTo(CERTIFICATE);
        assertThat(config.refresh()).isSameAs(config);
        assertThat(config.getOauthToken()).isNull();
        assertThat(config.getAutoOAuthToken()).isNull();
    }

    @Test
    void aClientCertificateIsRefusedWhereFabric8WouldOfferOurKeyStoreWithIt() throws Exception {
        property("javax.net.ssl.keyStore", "/etc/ours.p12");
        assertRefused(
                user("client-certificate-data: " + CERTIFICATE + "\nclient-key-data: " + key()),
                "javax.net.ssl.keyStore");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec: {command: /bin/sh, apiVersion: x}",
                "auth-provider: {name: oidc, config: {id-token: vendors-token-0123456789}}",
                "tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token",
                "client-certificate: /etc/passwd",
                "client-key: /etc/passwd",
                "username: vendors-token-0123456789",
                "password: vendors-token-0123456789",
                "as: system:admin",
                "as-groups: [system:masters]"
            })
    void aUserThatWouldRunReadOrBeSomethingElseIsRefusedByTheFieldsName(String field) {
        String name = field.substring(0, field.indexOf(':'));
        assertRefused(user(field), "has " + name + " in its user");
        assertRefused(user("token: " + SECRET + "\n" + field), "has " + name + " in its user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "certificate-authority: /etc/passwd",
                "insecure-skip-tls-verify: true",
                "insecure-skip-tls-verify: \"true\"",
                "proxy-url: http://vendors-token-0123456789",
                "tls-server-name: other"
            })
    void aClusterThatCouldBeSomebodyElseIsRefusedByTheFieldsName(String field) {
        String name = field.substring(0, field.indexOf(':'));
        assertRefused(
                GOOD.replace("certificate-authority-data: " + CERTIFICATE, field), "has " + name + " in its cluster");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://k8s.vendor.example",
                "http://127.0.0.1:8001",
                "k8s.vendor.example:6443",
                "file:///etc/passwd",
                "https:opaque",
                "https://admin:vendors-token-0123456789@host",
                "https://host/?token=vendors-token-0123456789",
                "\"https://ho st/vendors-token-0123456789\"",
                "[https://host]"
            })
    void aServerThatIsNoPlainHttpsAddressIsRefused(String server) {
        assertRefused(GOOD.replace("https://k8s.vendor.example:6443/prefix", server), "server");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token: '' | no credential",
                "x: 1 | no credential",
                "'token: \"vendors-token\\n0123456789\"' | characters",
                "'token: \"vendors-tökén\"' | characters",
                "token: [1] | no text",
                "client-certificate-data: CERT | only one",
                "'client-certificate-data: bm90IG9uZQ==\nclient-key-data: bm90IG9uZQ==' | not a certificate",
                "'client-certificate-data: CERT\nclient-key-data: bm90IG9uZQ==' | not a private key",
                "'client-certificate-data: CERT\nclient-key-data: \"%%\"' | not base64"
            })
    void aCredentialThatIsNoneIsRefused(String fields, String word) {
        assertRefused(user(fields.replace("\\n0", "\\n0").replace("CERT", CERTIFICATE)), word);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vendors-token-0123456789",
                "- vendors-token-0123456789",
                "a: 'vendors-token-0123456789",
                "{\"token\": \"vendors-token-0123456789\",,}",
                "!!javax.script.ScriptEngineManager [vendors-token-0123456789]",
                "a: 1\n---\nb: 2\n",
                "kind: Secret\ndata: {token: vendors-token-0123456789}",
                "kind: Config",
                "contexts: {a: b}"
            })
    void whatIsNoKubeconfigIsRefusedAndNotQuoted(String yaml) {
        assertRefused(yaml);
    }

    @Test
    void yamlMadeToExhaustUsIsRefused() {
        assertRefused("- ".repeat(100_000), "YAML that can be read");
        assertRefused("[".repeat(200_000), "YAML that can be read");
        StringBuilder laughs = new StringBuilder("a: &a [l,l]\n");
        for (char c = 'b'; c < 'k'; c++) {
            String before = "*" + (char) (c - 1);
            laughs.append(c + ": &" + c + " [" + (before + ",").repeat(20) + before + "]\n");
        }
        assertRefused(laughs.toString(), "YAML that can be read");
        assertRefused(GOOD + "#".repeat(Kubeconfig.MAX_BYTES), "256 KiB");
        assertThatThrownBy(() -> Kubeconfig.read(new byte[] {(byte) 0xff, (byte) 0xfe}, Duration.ofSeconds(1)))
                .hasMessageContaining("not text");
    }

    @Test
    void severalContextsNeedACurrentOneAndNamesMustBeUnique() throws Exception {
        assertRefused(GOOD.replace("current-context: main", ""), "no current-context");
        assertRefused(GOOD.replace("current-context: main", "current-context: gone"), "contexts", "not");
        assertRefused(GOOD.replace("- name: other\n  user", "- name: admin\n  user"), "users", "more than once");
        assertRefused(GOOD.replace("cluster: theirs", "cluster: gone"), "clusters", "not");
        String only = GOOD.replace("current-context: main", "")
                .replace("- name: other\n  context: {cluster: other, user: other}\n", "");
        assertThat(read(only).getOauthToken()).isEqualTo(SECRET);
    }
}
