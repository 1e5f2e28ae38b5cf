/**
 * The SkillRegistry (contract §2): a source of skills. Values only.
 */
@NullMarked
package io.opencrane.api.skill;

import org.jspecify.annotations.NullMarked;
