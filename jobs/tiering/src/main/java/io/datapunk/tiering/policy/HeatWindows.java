package io.datapunk.tiering.policy;

/** The windows that heat is measured over. */
public record HeatWindows(HeatWindow hot, HeatWindow warm, HeatWindow cold) {
    public static final HeatWindows DEFAULT = new HeatWindows(HeatWindow.HOT, HeatWindow.WARM, HeatWindow.COLD);
}
