package io.opencrane.core.tenant;

import io.opencrane.api.error.Problem;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.tenant.Channel;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.settings.HostingProvider;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a tenant, all of it at once (contract §2, DECISIONS 10). Stricter than the custom resource's schema, which must
 * take whatever it took before: what the service writes fits labels, image references, PostgreSQL and a shell's environment. Pure.
 */
public final class TenantValidation {
    /** The most that {@code configOverrides}, or the {@code config} of a channel, may hold: a ConfigMap ends at 1 MiB. */
    public static final int MAX_OVERRIDES_BYTES = 256 * 1024;

    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
    private static final Pattern VERSION = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_][-._A-Za-z0-9]*");
    private static final Pattern IMAGE = Pattern.compile(
            "(?:[A-Za-z0-9](?:[-A-Za-z0-9]|\\.(?!\\.))*(?::\\d{1,5})?/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
                    + "(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");
    private static final Pattern OUR_SECRET = Pattern.compile("openclaw-.+-(encryption|litellm|openai)-key");
    private static final BigDecimal MOST_MONEY = new BigDecimal("9999999999.99");
    private static final Quantity LEAST_CPU = Quantity.parse("1m");
    private static final Quantity LEAST_MEMORY = Quantity.parse("1Mi");

    private TenantValidation() {}

    /**
     * What is wrong with a tenant to create.
     *
     * @param tenant the tenant
     * @param hosting where it will be hosted, which limits its name
     * @return the problems, in the order of the fields; empty if there is none
     */
    public static List<Problem> problems(NewTenant tenant, HostingProvider hosting) {
        Findings found = new Findings();
        int most = hosting == HostingProvider.GCP ? TenantNames.MAX_LENGTH_GCP : TenantNames.MAX_LENGTH;
        found.dnsLabel("name", tenant.name(), most);
        found.dnsLabel("namespace", tenant.namespace(), 63);
        if (tenant.createRequest() != null) {
            found.text("createRequest", tenant.createRequest(), 256);
        }
        spec(found, tenant.spec());
        return found.all();
    }

    /**
     * What is wrong with a spec.
     *
     * @param spec the spec
     * @return the problems, in the order of the fields, each path beginning with {@code spec.}; empty if there is none
     */
    public static List<Problem> problems(TenantSpec spec) {
        Findings found = new Findings();
        spec(found, spec);
        return found.all();
    }

    /**
     * What is wrong with a version to pin.
     *
     * @param version an image tag
     * @return the problems; empty if there is none
     */
    public static List<Problem> versionProblems(String version) {
        Findings found = new Findings();
        version(found, version);
        return found.all();
    }

    /**
     * What is wrong with a spec's channels. They name Secrets that are mounted into the pod, so a reconcile asks too.
     *
     * @param spec the spec
     * @return the problems; empty if there is none
     */
    public static List<Problem> channelProblems(TenantSpec spec) {
        Findings found = new Findings();
        channels(found, spec.channels());
        return found.all();
    }

    private static void spec(Findings found, TenantSpec spec) {
        found.text("spec.displayName", spec.displayName(), 256);
        found.form("spec.email", spec.email(), 320, EMAIL, "Write one @ between a name and a domain, without spaces.");
        found.labelValue(
                "spec.team",
                spec.team(),
                "Write a label value: letters, digits, dashes, dots and underscores, alphanumeric at both ends.");
        found.form(
                "spec.openclawImage",
                spec.openclawImage(),
                255,
                IMAGE,
                "Write an image reference without tag or digest; the tag goes into openclawVersion.");
        version(found, spec.openclawVersion());
        budget(found, spec.monthlyBudgetUsd());
        atLeast(found, "spec.resources.cpu", spec.resources().cpu(), LEAST_CPU, "Ask for at least 1m of a core.");
        atLeast(
                found,
                "spec.resources.memory",
                spec.resources().memory(),
                LEAST_MEMORY,
                "Ask for at least 1Mi; note that m is a thousandth of a byte.");
        found.names("spec.skillAllowlist", spec.skillAllowlist());
        found.names("spec.mcpPolicy.allow", spec.mcpPolicy().allow());
        found.names("spec.mcpPolicy.deny", spec.mcpPolicy().deny());
        channels(found, spec.channels());
        freeForm(found, "spec.configOverrides", spec.configOverrides());
        reference(found, "spec.policyRef", spec.policyRef(), 63);
        reference(found, "spec.clusterTenantRef", spec.clusterTenantRef(), 53);
    }

    private static void version(Findings found, @Nullable String version) {
        found.form(
                "spec.openclawVersion",
                version,
                128,
                VERSION,
                "Write an image tag: letters, digits, dashes, underscores and single dots.");
    }

    private static void budget(Findings found, @Nullable BigDecimal usd) {
        if (usd == null) {
            return;
        }
        if (usd.signum() < 0 || usd.compareTo(MOST_MONEY) > 0) {
            found.add(
                    "spec.monthlyBudgetUsd",
                    Problem.Code.OUT_OF_RANGE,
                    "Write US dollars from 0 to " + MOST_MONEY + "; clear the field for no limit.");
        } else if (usd.stripTrailingZeros().scale() > 2) {
            found.add("spec.monthlyBudgetUsd", Problem.Code.MALFORMED, "Write at most two digits behind the point.");
        }
    }

    private static void atLeast(
            Findings found, String path, @Nullable Quantity quantity, Quantity least, String sentence) {
        if (quantity != null && quantity.compareTo(least) < 0) {
            found.add(path, Problem.Code.OUT_OF_RANGE, sentence);
        }
    }

    private static void channels(Findings found, List<Channel> channels) {
        if (channels.size() > Findings.MAX_ITEMS) {
            found.add("spec.channels", Problem.Code.TOO_LONG, "Write at most " + Findings.MAX_ITEMS + " channels.");
            return;
        }
        for (int i = 0; i < channels.size(); i++) {
            Channel channel = channels.get(i);
            String path = "spec.channels[" + i + "]";
            found.labelValue(path + ".adapter", channel.adapter(), "Write the adapter's kind, for example slack.");
            freeForm(found, path + ".config", channel.config());
            String secret = channel.credentialsSecretName();
            reference(found, path + ".credentialsSecretName", secret, 253);
            if (secret != null && OUR_SECRET.matcher(secret).matches()) {
                found.add(
                        path + ".credentialsSecretName",
                        Problem.Code.CONTRADICTION,
                        "This Secret is the platform's own; name one made for the channel.");
            }
        }
    }

    private static void freeForm(Findings found, String path, FreeForm value) {
        Texts.JsonWalk walk = Texts.JsonWalk.over(value.asMap());
        if (walk.bytes() > MAX_OVERRIDES_BYTES) {
            found.add(path, Problem.Code.TOO_LONG, "Write at most " + MAX_OVERRIDES_BYTES / 1024 + " KiB of JSON.");
        }
        if (walk.isTooDeep()) {
            found.add(path, Problem.Code.TOO_LONG, "Nest at most " + Texts.JsonWalk.MAX_DEPTH + " levels.");
        }
        if (walk.isDirty()) {
            found.add(path, Problem.Code.MALFORMED, "Remove the control characters.");
        }
        if (walk.isInexact()) {
            found.add(
                    path,
                    Problem.Code.OUT_OF_RANGE,
                    "A number needs more than 64 bits and would be stored as another; write it as text.");
        }
    }

    private static void reference(Findings found, String path, @Nullable String name, int most) {
        found.dnsName(path, name, most, "Write the name of an object: a lower-case DNS name.");
    }
}
