/**
 * A LiteLLM proxy for tests, over real HTTP, and the contract tests of the model gateway port. The fake behaves as litellm.md §9 lists,
 * wrong turns included; each area of routes is a class of its own. Tests in other languages start {@link FakeLiteLlmServer}, which says how a test
 * talks to the fake itself:
 *
 * <pre>{@code
 * curl -H 'Authorization: Bearer sk-master' http://127.0.0.1:4000/_fake/clock -d '{"advance_seconds":600}'
 * }</pre>
 */
@NullMarked
package io.opencrane.testkit.litellm;

import org.jspecify.annotations.NullMarked;
