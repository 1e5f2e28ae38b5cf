package io.opencrane.k8s.remote;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * HTTP clients that follow no redirect. fabric8 tells every client to follow all of them, to plain http and with the body too, and offers
 * no way to take that back; a vendor's server could send our requests to whatever this process can reach.
 */
final class StayingHttpClients implements HttpClient.Factory {
    private final HttpClient.Factory factory;

    private StayingHttpClients(HttpClient.Factory factory) {
        this.factory = factory;
    }

    static HttpClient.Factory overTheDefault() {
        return new StayingHttpClients(HttpClientUtils.getHttpClientFactory());
    }

    @Override
    public HttpClient.Builder newBuilder() {
        HttpClient.Builder builder = factory.newBuilder();
        return (HttpClient.Builder) Proxy.newProxyInstance(
                StayingHttpClients.class.getClassLoader(),
                new Class<?>[] {HttpClient.Builder.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("followAllRedirects")) {
                        return proxy;
                    }
                    try {
                        Object result = method.invoke(builder, arguments);
                        return result == builder ? proxy : result;
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }
}
