package io.opencrane.testkit.litellm;

/** Where releases of LiteLLM differ (litellm.md §9). Without a quirk the fake behaves like the release most widely described there. */
public enum LiteLlmQuirk {
    /** F6: a second {@code /key/generate} with a known raw key is refused, not silently ignored. */
    KNOWN_KEY_REFUSED,
    /** F7: an alias is checked before the rows of requests in flight are there, so that two of them can get the same one. */
    ALIAS_CHECK_RACES,
    /** {@code /key/update} takes {@code key_alias} alone, without {@code key}. */
    UPDATE_BY_ALIAS,
    /** F11: {@code /key/update} of an unknown key answers 404 instead of 401. */
    UPDATE_UNKNOWN_KEY_IS_404,
    /** F15: {@code /key/list?key_alias=} matches parts of an alias, whatever the case. */
    ALIAS_FILTER_CONTAINS,
    /** F15: {@code /key/list} ignores its filters. */
    LIST_IGNORES_FILTERS,
    /** F16: a key is let in as it was up to 60 s ago, because another pod than this one changed, blocked or deleted it. */
    KEYS_ARE_CACHED,
    /** F19: a call over budget answers 429 instead of 400, and says whose budget it was. */
    BUDGET_EXCEEDED_IS_429,
    /** F24: {@code /team/daily/activity} is unknown, as in older releases. */
    NO_TEAM_DAILY_ACTIVITY,
    /** {@code /v2/team/list} is unknown, as in older releases; {@code /team/list} is there. */
    NO_TEAM_LIST_V2,
    /** F27: {@code /team/new} of a known team answers in the shape E2 instead of E1. */
    TEAM_EXISTS_AS_DETAIL,
    /** F28: while the database is away, a key that is not the master key gets 401 instead of 400 or 503. */
    OUTAGE_IS_UNAUTHORIZED
}
