package dev.tocsin.rule;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Asks random calculations of random changes three times: closures, the compiled tier, and ordinary
 * Groovy. Run by {@code scripts/oracle [count] [seed]}, and a little of it by the tests.
 *
 * <p>Closures and the compiled tier must agree on everything, reasons of failures included. Groovy
 * must agree on what does not fail; what it makes of an evaluation error, which is the last of the
 * listed deviations, is not looked at.
 */
final class Oracle {
  /**
   * How many are compiled together. With fewer, the compiler looks the classes they use up more
   * often; with more, it goes through more methods for each name.
   */
  private static final int BATCH = 250;

  private static final int BATCHES_A_LINE = 32;
  private static final int DISAGREEMENTS_SHOWN = 20;

  private final OrdinaryMethods ordinary = new OrdinaryMethods();

  /** Of the texts asked. One whose hash another had is not asked, and so none is counted twice. */
  private final Set<Integer> hashes = new HashSet<>();

  private long seed;

  /**
   * An oracle that has been asked nothing.
   *
   * @param seed of its first question; each has the next
   */
  Oracle(long seed) {
    this.seed = seed;
  }

  /**
   * A campaign, on all cores.
   *
   * @param arguments how many expressions, a million by default, and a seed
   */
  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    long count = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    System.out.println("seed " + seed);
    Oracle oracle = new Oracle(seed);
    Tally tally = Tally.NONE;
    int cores = Runtime.getRuntime().availableProcessors();
    try (ExecutorService workers = Executors.newFixedThreadPool(cores)) {
      while (tally.expressions() < count && tally.disagreements().isEmpty()) {
        List<Callable<Tally>> batches = oracle.batches(count - tally.expressions());
        for (Future<Tally> asked : workers.invokeAll(batches)) {
          tally = tally.plus(asked.get());
        }
        System.out.println(tally);
      }
    }
    tally.disagreements().stream().limit(DISAGREEMENTS_SHOWN).forEach(System.out::println);
    System.exit(tally.disagreements().isEmpty() ? 0 : 1);
  }

  /** The next batches; so many expressions at most. */
  private List<Callable<Tally>> batches(long count) {
    List<Callable<Tally>> batches = new ArrayList<>();
    for (long left = count; left > 0 && batches.size() < BATCHES_A_LINE; left -= BATCH) {
      List<Question> questions = questions((int) Math.min(BATCH, left));
      batches.add(() -> ask(questions));
    }
    return batches;
  }

  /** Asks so many expressions more. */
  Tally ask(int count) {
    return ask(questions(count));
  }

  private List<Question> questions(int count) {
    List<Question> questions = new ArrayList<>();
    while (questions.size() < count) {
      Question.of(seed++)
          .filter(question -> hashes.add(question.calculation().text().hashCode()))
          .ifPresent(questions::add);
    }
    return questions;
  }

  private Tally ask(List<Question> questions) {
    List<Condition> compiled = compiled(questions, CompiledMethods::of);
    List<Method> methods = compiled(questions, ordinary::of);
    Tally tally = Tally.NONE;
    for (int i = 0; i < questions.size(); i++) {
      tally = tally.plus(Interrogation.of(questions.get(i), compiled.get(i), methods.get(i)));
    }
    return tally;
  }

  /** All of them; if they do not compile, halves of them, to say which does not. */
  private static <T> List<T> compiled(
      List<Question> questions, Function<List<Node>, List<T>> compiler) {
    try {
      return compiler.apply(questions.stream().map(Question::tree).toList());
    } catch (RuntimeException | LinkageError e) {
      if (questions.size() == 1) {
        Question question = questions.getFirst();
        throw new IllegalStateException(
            "seed " + question.seed() + " does not compile: " + question.calculation().text(), e);
      }
      int middle = questions.size() / 2;
      return Stream.of(questions.subList(0, middle), questions.subList(middle, questions.size()))
          .flatMap(half -> compiled(half, compiler).stream())
          .toList();
    }
  }
}
