package io.opencrane.testkit.litellm;

/** Answers one route; runs alone, under the lock of the {@link ProxyState}. */
interface Route {
    Answer handle(Call call);
}
