package io.opencrane.testkit.litellm;

/** What became of the database behind the proxy (litellm.md §5, F26, F28). */
public enum LiteLlmDatabase {
    /** It works. */
    CONNECTED,
    /** It went away: readiness answers 503, management routes fail, {@code /team/info} calls every team unknown. */
    LOST,
    /** It never came: readiness answers 200 and {@code healthy}, but {@code db} is {@code Not connected}. */
    NEVER_CONNECTED
}
