/** Access policies: what they say, and what is in force. */
package io.opencrane.it.policy;
