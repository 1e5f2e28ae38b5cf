package io.opencrane.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.ssl.LibPQFactory;

class DatabaseUrlTest {
    private static List<Problem> problemsOf(String url) {
        return catchThrowableOfType(ValidationException.class, () -> DatabaseUrl.parse(url))
                .problems();
    }

    private static PGSimpleDataSource source(String parameters) throws SQLException {
        return PostgresDataSources.unpooled(DatabaseUrl.parse("postgresql://u:p@h/d" + parameters))
                .unwrap(PGSimpleDataSource.class);
    }

    @Test
    void everyPartIsDecoded() {
        DatabaseUrl url = DatabaseUrl.parse(
                "postgresql://us%65r%40corp:p%40ss%2Fw%3A%C3%BC+@db.example.com:6432/my%20db?schema=public&connection_limit=5"
                        + "&connect_timeout=2&pool_timeout=7&socket_timeout=9&pgbouncer=true");

        assertThat(url.user()).isEqualTo("user@corp");
        assertThat(url.password().map(SecretText::reveal)).hasValue("p@ss/w:\u00fc+");
        assertThat(url.host()).isEqualTo("db.example.com");
        assertThat(url.port()).isEqualTo(6432);
        assertThat(url.database()).isEqualTo("my db");
        assertThat(url.connectionLimit()).isEqualTo(5);
        assertThat(url.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(url.poolTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(url.socketTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(url.isPgBouncer()).isTrue();
    }

    @Test
    void whatIsLeftOutHasShortDefaults() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://opencrane@db/opencrane?connect_timeout=0&schema=");

        assertThat(url.port()).isEqualTo(5432);
        assertThat(url.password()).isEmpty();
        assertThat(url.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(url.poolTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(url.connectionLimit()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://u:a@b@h/d, u, a@b, h",
        "postgresql://u:a:b@h/d, u, a:b, h",
        "postgresql://u:p@[::1]:5433/d, u, p, ::1"
    })
    void whatPrismaLetsPassIsUnderstood(String text, String user, String password, String host) {
        DatabaseUrl url = DatabaseUrl.parse(text);

        assertThat(url.user()).isEqualTo(user);
        assertThat(url.password().map(SecretText::reveal)).hasValue(password);
        assertThat(url.host()).isEqualTo(host);
    }

    @Test
    void unknownParametersAreAllNamedAtOnce() {
        assertThat(problemsOf("postgresql://u:p@h/d?flavour=x&sslmode=maybe&connection_limit=0&sslidentity=me.p12"))
                .extracting(Problem::path, Problem::code)
                .containsExactlyInAnyOrder(
                        tuple("DATABASE_URL?flavour", Problem.Code.UNKNOWN),
                        tuple("DATABASE_URL?sslmode", Problem.Code.UNKNOWN),
                        tuple("DATABASE_URL?connection_limit", Problem.Code.OUT_OF_RANGE),
                        tuple("DATABASE_URL?sslidentity", Problem.Code.UNKNOWN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "mysql://u:hunter2@h/d",
                "postgresql://u:hunter2@h",
                "postgresql://:hunter2@h/d",
                "postgresql://u:hunter2@/d",
                "postgresql://u:hunter2@h1,hunter2/d",
                "postgresql://u:hunter2@h:hunter2/d",
                "postgresql://u:hunter2/x@h/d",
                "postgresql://u:x?hunter2=y@h/d",
                "postgresql://u:x?a&hunter2@h/d",
                "postgresql://u:p@x?hunter2&abc@h/d",
                "postgresql://u:x#hunter2@h/d",
                "postgresql://u:hunter2%zz@h/d",
                "postgresql://u:hunter2%ff@h/d",
                "postgresql://u:hunter2%00@h/d",
                "postgresql://u:p@h/d?application_name=%zhunter2"
            })
    void aBrokenUrlIsRefusedWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("DATABASE_URL")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void thePasswordShowsNowhere() throws SQLException {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://u:hunter2@[::1]/d?application_name=x");

        assertThat(url).hasToString("postgresql://u@[::1]:5432/d");
        assertThat(PostgresDataSources.unpooled(url)
                        .unwrap(PGSimpleDataSource.class)
                        .getURL())
                .doesNotContain("hunter2");
    }

    @Test
    void strictVerificationIsTheDriversVerifyFull() throws SQLException {
        assertThat(source("?sslmode=require").getSslmode()).isEqualTo("require");
        assertThat(source("?sslaccept=strict").getSslmode()).isEqualTo("verify-full");
        assertThat(source("?sslmode=require&sslaccept=strict&sslcert=ca.pem").getSslRootCert())
                .isEqualTo("ca.pem");
        assertThat(source("?sslmode=require&sslaccept=strict&sslcert=ca.pem").getSslfactory())
                .isEqualTo(LibPQFactory.class.getName());
        assertThat(problemsOf("postgresql://u:p@h/d?sslmode=disable&sslaccept=strict"))
                .extracting(Problem::path)
                .containsExactly("DATABASE_URL?sslaccept");
    }

    @Test
    void strictVerificationWithoutAnAuthorityTrustsWhatJavaTrusts() throws SQLException {
        assertThat(source("?sslaccept=strict").getSslfactory()).isEqualTo(DefaultJavaSSLFactory.class.getName());
        assertThat(source("?sslmode=verify-full").getSslfactory()).isEqualTo(LibPQFactory.class.getName());
    }

    @Test
    void everyTimeOutOfTheDriverIsShort() throws SQLException {
        PGSimpleDataSource source = source("?options=-c%20work_mem%3D8MB");

        assertThat(source.getConnectTimeout()).isEqualTo(3);
        assertThat(source.getLoginTimeout()).isEqualTo(4);
        assertThat(source.getSocketTimeout()).isEqualTo(30);
        assertThat(source.getOptions()).isEqualTo("-c statement_timeout=25000 -c work_mem=8MB");
        assertThat(source("?pgbouncer=true").getOptions()).isNull();
        assertThat(source("?pgbouncer=true").getPrepareThreshold()).isZero();
    }
}
