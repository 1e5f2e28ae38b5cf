/** The LiteLLM adapter against the fake proxy: contract, faults and what may not leak. */
package io.opencrane.it.litellm;
