package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.opencrane.api.resource.SecretText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Talks to the proxy without any of our gateway's code. Single quotes in a body stand for double ones. */
final class ProxyClient {
    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeLiteLlm proxy;
    private final SecretText masterKey;

    ProxyClient(FakeLiteLlm proxy, SecretText masterKey) {
        this.proxy = proxy;
        this.masterKey = masterKey;
    }

    Got post(String path, String body) throws Exception {
        return send(
                request(path, masterKey.reveal()).POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    Got get(String path) throws Exception {
        return send(request(path, masterKey.reveal()).GET());
    }

    Got getAs(String credential, String path) throws Exception {
        return send(request(path, credential).GET());
    }

    Got postAs(String credential, String path, String body) throws Exception {
        return send(request(path, credential).POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    Got delete(String path) throws Exception {
        return send(request(path, masterKey.reveal()).DELETE());
    }

    private HttpRequest.Builder request(String path, String credential) {
        return HttpRequest.newBuilder(URI.create(proxy.endpoint() + path))
                .header("Authorization", "Bearer " + credential);
    }

    private Got send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Got(response.statusCode(), response.body(), response.headers());
    }

    record Got(int status, String body, HttpHeaders headers) {
        @Nullable
        String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        JsonNode json() throws IOException {
            return JsonMapper.builder().build().readTree(body);
        }

        JsonNode error() throws IOException {
            return json().path("error");
        }
    }
}
