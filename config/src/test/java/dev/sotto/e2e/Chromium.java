package dev.sotto.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * One real Chromium with fake camera and microphone and a profile of its own, driven through the
 * page's {@code data-testid} hooks as a person would: by clicking.
 */
final class Chromium implements AutoCloseable {

  static final Path BINARY = Path.of("/usr/bin/chromium");
  static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path AXE =
      SottoProcess.checkout().resolve("client/web/node_modules/axe-core/axe.min.js");
  static final Duration PATIENCE = Duration.ofSeconds(45);

  private final ChromeDriver driver;
  private final Path profile;

  private Chromium(ChromeDriver driver, Path profile) {
    this.driver = driver;
    this.profile = profile;
  }

  static Chromium start(String... extraFlags) {
    try {
      Path profile = Files.createTempDirectory("sotto-chromium");
      ChromeOptions options = new ChromeOptions();
      options.setBinary(BINARY.toFile());
      options.addArguments(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--use-fake-device-for-media-stream",
          "--use-fake-ui-for-media-stream",
          "--autoplay-policy=no-user-gesture-required",
          "--allow-loopback-in-peer-connection",
          "--disable-features=WebRtcHideLocalIpsWithMdns",
          "--window-size=1440,900",
          "--user-data-dir=" + profile);
      options.addArguments(extraFlags);
      ChromeDriverService service =
          new ChromeDriverService.Builder()
              .usingDriverExecutable(DRIVER.toFile())
              .usingAnyFreePort()
              .withSilent(true)
              .build();
      return new Chromium(new ChromeDriver(service, options), profile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void open(String url) {
    driver.get(url);
  }

  void reload() {
    driver.navigate().refresh();
  }

  /** Another tab of the same profile; returns the handle of the one that was in front. */
  String openTab(String url) {
    String before = driver.getWindowHandle();
    driver.switchTo().newWindow(WindowType.TAB);
    driver.get(url);
    return before;
  }

  String tab() {
    return driver.getWindowHandle();
  }

  void toTab(String handle) {
    driver.switchTo().window(handle);
  }

  /** Closes the tab in front and goes on in another. */
  void closeTab(String next) {
    driver.close();
    driver.switchTo().window(next);
  }

  private static By testId(String id) {
    return By.cssSelector("[data-testid='" + id + "']");
  }

  private WebDriverWait patiently() {
    return new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50));
  }

  void click(String testId) {
    click(testId(testId));
  }

  void clickFor(String testId, String jid) {
    click(By.cssSelector("[data-testid='" + testId + "'][data-jid='" + jid + "']"));
  }

  /** As a person would: waits while the control is covered, and takes the one that replaces it. */
  private void click(By control) {
    patiently()
        .ignoring(StaleElementReferenceException.class, ElementClickInterceptedException.class)
        .until(page -> {
          WebElement element = ExpectedConditions.elementToBeClickable(control).apply(driver);
          if (element == null) {
            return false;
          }
          element.click();
          return true;
        });
  }

  void type(String testId, String text) {
    WebElement field =
        patiently().until(ExpectedConditions.visibilityOfElementLocated(testId(testId)));
    field.clear();
    field.sendKeys(text);
  }

  void awaitText(String testId, String text) {
    patiently().until(ExpectedConditions.textToBe(testId(testId), text));
  }

  void awaitTextWith(String testId, String part) {
    patiently().until(ExpectedConditions.textToBePresentInElementLocated(testId(testId), part));
  }

  boolean shows(String testId) {
    List<WebElement> found = driver.findElements(testId(testId));
    return found.stream().anyMatch(WebElement::isDisplayed);
  }

  void awaitShown(String testId) {
    patiently().until(ExpectedConditions.visibilityOfElementLocated(testId(testId)));
  }

  void awaitGone(String testId) {
    patiently().until(ExpectedConditions.invisibilityOfElementLocated(testId(testId)));
  }

  void awaitContact(String jid, boolean online) {
    patiently()
        .until(
            ExpectedConditions.presenceOfElementLocated(
                By.cssSelector(
                    "[data-testid='contact'][data-jid='"
                        + jid
                        + "'][data-online='"
                        + online
                        + "']")));
  }

  /** Waits until a JavaScript expression is true in the page; one that throws is not yet true. */
  void awaitTrue(String expression, Duration patience) {
    new WebDriverWait(driver, patience, Duration.ofMillis(100))
        .ignoring(JavascriptException.class)
        .withMessage(() -> expression + "\npage: " + summary())
        .until(page -> Boolean.TRUE.equals(driver.executeScript("return " + expression)));
  }

  Object evaluate(String expression) {
    return driver.executeScript("return " + expression);
  }

  /** What a promise of the page resolves to. */
  @SuppressWarnings("unchecked")
  Map<String, Object> resolve(String promise) {
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    Object result =
        driver.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + ("Promise.resolve(" + promise + ").then(value => done({value}),")
                + " error => done({error: String(error)}))");
    return (Map<String, Object>) result;
  }

  private String summary() {
    return String.valueOf(
        driver.executeScript(
            "return JSON.stringify({connection: window.sotto?.connection, call: window.sotto?.call})"
                + " + '\\n' + document.body.innerText"));
  }

  void size(int width, int height, boolean phone) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", phone));
  }

  /** Shows the page light or dark, and waits until its colours have changed over. */
  void colourScheme(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    awaitTrue("document.getAnimations().every(each => !(each instanceof CSSTransition))", PATIENCE);
  }

  /**
   * What axe finds against WCAG 2.2 AA in what the page shows now: one line for each rule and
   * element.
   */
  List<String> accessibilityViolations() {
    try {
      driver.executeScript(Files.readString(AXE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Object lines =
        resolve(
                """
                axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})
                  .then(result => result.violations.flatMap(rule => rule.nodes.map(node =>
                    rule.id + ': ' + node.target.join(' ') + ': ' + node.failureSummary)))\
                """)
            .get("value");
    return ((List<?>) lines).stream().map(String::valueOf).toList();
  }

  void screenshot(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Errors that the page logged; none is expected. */
  List<String> consoleErrors() {
    return driver.manage().logs().get("browser").getAll().stream()
        .filter(entry -> entry.getLevel().equals(java.util.logging.Level.SEVERE))
        .map(Object::toString)
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // A process of the browser that is still ending tidies the same folder.
      profile.toFile().deleteOnExit();
    }
  }
}
