/** Model keys, budgets and spend over the real reconciler, the real client and a LiteLLM that answers over HTTP. */
package io.opencrane.it.budget;
