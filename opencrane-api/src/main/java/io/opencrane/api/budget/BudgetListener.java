package io.opencrane.api.budget;

/** Is told when tenants cross a threshold of their budget. */
@FunctionalInterface
public interface BudgetListener {
    /**
     * A threshold was crossed. Told at least once: again, when this method throws or the process ends before it was remembered.
     *
     * @param event what happened
     */
    void onBudgetEvent(BudgetEvent event);
}
