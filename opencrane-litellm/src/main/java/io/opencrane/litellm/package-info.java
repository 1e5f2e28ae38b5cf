/**
 * The model gateway port on LiteLLM's management API: teams carry budgets, budget-less keys are credentials. Only
 * {@link io.opencrane.litellm.LiteLlmGateway} and its builder are public; what LiteLLM says and how often it is asked again stay in here. Nothing about
 * tenants or Secrets, and nothing that keeps a key, may go in.
 */
@NullMarked
package io.opencrane.litellm;

import org.jspecify.annotations.NullMarked;
