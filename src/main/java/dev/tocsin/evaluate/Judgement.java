package dev.tocsin.evaluate;

import java.util.List;

/** What judging a group came to: what is to be committed, and what is no change. */
record Judgement(List<Case> cases, List<NoChange> unchanged) {}
