package io.opencrane.samples.quickstart;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The command line: without options everything runs inside this process, each option brings in a real service. */
record Options(Map<String, String> values) {
    static final String USAGE = """
            usage: quickstart [--kubeconfig FILE] [--database-url URL] [--litellm-endpoint URL]
              --kubeconfig FILE        a real cluster; pods must become ready there (default: in memory)
              --database-url URL       a real PostgreSQL (default: an embedded one)
              --litellm-endpoint URL   a real LiteLLM; its master key is read from LITELLM_MASTER_KEY (default: a fake)
            """;

    static Options parse(String[] args) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < args.length; i += 2) {
            boolean known = args[i].matches("--(kubeconfig|database-url|litellm-endpoint)");
            if (!known || i + 1 == args.length) {
                throw new IllegalArgumentException(
                        (known ? args[i] + " needs a value." : "Unknown option " + args[i] + ".") + "\n" + USAGE);
            }
            values.put(args[i].substring(2), args[i + 1]);
        }
        if (values.containsKey("litellm-endpoint") && System.getenv("LITELLM_MASTER_KEY") == null) {
            throw new IllegalArgumentException("--litellm-endpoint needs the master key in LITELLM_MASTER_KEY.");
        }
        return new Options(values);
    }

    Optional<String> kubeconfig() {
        return Optional.ofNullable(values.get("kubeconfig"));
    }

    Optional<String> databaseUrl() {
        return Optional.ofNullable(values.get("database-url"));
    }

    Optional<String> liteLlmEndpoint() {
        return Optional.ofNullable(values.get("litellm-endpoint"));
    }
}
