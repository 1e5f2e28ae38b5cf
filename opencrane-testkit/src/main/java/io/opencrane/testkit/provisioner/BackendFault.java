package io.opencrane.testkit.provisioner;

/** How a request to {@link FakeProvisionerBackend} goes wrong. */
public enum BackendFault {
    /** No effect; 503. */
    OUTAGE,
    /** No effect; 500, and a body that quotes the request's token. */
    SERVER_ERROR,
    /** No effect; 429 with {@code Retry-After: 1}. */
    RATE_LIMITED,
    /** It takes effect and is answered with 409. */
    CONFLICT,
    /** No effect; 404. */
    NOT_FOUND,
    /** No effect; 401. */
    UNAUTHORIZED,
    /** No effect; 403. */
    FORBIDDEN,
    /** No effect; the connection is closed without an answer. */
    CUT_BEFORE,
    /** It takes effect; the connection is closed without an answer. */
    CUT_AFTER,
    /** It takes effect; the answer is held back until {@link FakeProvisionerBackend#release}. */
    WITHHELD,
    /** It takes effect; the answer begins and never ends, until {@link FakeProvisionerBackend#release}. */
    TRICKLES,
    /** No effect; a redirect to another path of the backend, which counts as a request if it is followed. */
    REDIRECT,
    /** It takes effect; an answer of 4 MiB. */
    OVERSIZED,
    /** It takes effect; an answer that is no JSON. */
    GARBAGE,
    /** It takes effect; an answer with a kubeconfig in it, which holds {@link FakeProvisionerBackend#INLINE_CREDENTIAL}. */
    INLINE_CREDENTIALS
}
