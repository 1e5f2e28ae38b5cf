/**
 * A LiteLLM proxy for tests, over real HTTP, and the contract tests of the model gateway port. The fake behaves as litellm.md §9 lists,
 * wrong turns included; each area of routes is a class of its own.
 */
@NullMarked
package io.opencrane.testkit.litellm;

import org.jspecify.annotations.NullMarked;
