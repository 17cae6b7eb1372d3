package io.qanat.accept;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.HttpEndpointModel;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.apache.camel.util.ReflectionHelper;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * Camel's platform-http engine on Spring MVC, in place of the starter's own configuration, for two
 * reasons: the starter sends every request through a second thread and an asynchronous dispatch,
 * and it takes over every path of the server, so that pages, 404 and 405 would be out of our hands.
 * Here a request is worked on by the thread that Tomcat gave it (a virtual one, where the JDK has
 * them), and only the contract's paths and methods belong to Camel.
 */
@Configuration(proxyBeanMethods = false)
class PlatformHttp {
  @Bean("platform-http-engine")
  PlatformHttpEngine platformHttpEngine(
      @Value("${server.port:8080}") int port,
      ContractDispatch dispatch,
      ProblemAnswer problemAnswer,
      AcceptProperties properties) {
    return new SpringBootPlatformHttpEngine(port) {
      @Override
      public PlatformHttpConsumer createConsumer(
          PlatformHttpEndpoint endpoint, Processor processor) {
        return new ContractConsumer(
            endpoint, processor, dispatch, problemAnswer, properties.callerHeader());
      }
    };
  }

  @Bean
  @DependsOn("configurePlatformHttpComponent")
  CamelRequestHandlerMapping platformHttpEngineRequestMapping(
      PlatformHttpEngine engine, CamelContext context, Contracts contracts) {
    return new ContractMapping(
        context.getComponent("platform-http", PlatformHttpComponent.class), engine, contracts);
  }

  /** Within Boot's own valve for errors, which would answer with a page. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemValve(
      AcceptProperties properties) {
    String retryAfter = ProblemAnswer.seconds(properties.retryAfter());
    return factory ->
        factory.addContextCustomizers(
            context -> ProblemValve.addTo(context.getParent(), retryAfter));
  }

  /** Takes one request to its Camel consumer, on the calling thread. */
  record RequestHandler(SpringBootPlatformHttpConsumer consumer, Contract contract) {
    private static final Method HANDLE =
        ReflectionHelper.findMethod(
            RequestHandler.class, "handle", HttpServletRequest.class, HttpServletResponse.class);

    /** Works on the request until its answer is written. */
    public void handle(HttpServletRequest request, HttpServletResponse response) {
      request.setAttribute(ContractConsumer.CONTRACT, contract);
      consumer.service(request, response).join();
    }
  }

  /**
   * Maps exactly the contract's paths, with or without a trailing slash, as old clients send them.
   */
  static class ContractMapping extends CamelRequestHandlerMapping {
    private final Contracts contracts;

    ContractMapping(
        PlatformHttpComponent component, PlatformHttpEngine engine, Contracts contracts) {
      super(component, engine);
      this.contracts = contracts;
    }

    @Override
    public void registerHttpEndpoint(HttpEndpointModel model) {
      if (model.getVerbs() == null) {
        return;
      }
      String path = model.getUri();
      String[] paths = path.endsWith("/") ? new String[] {path} : new String[] {path, path + "/"};
      RequestMappingInfo info =
          RequestMappingInfo.paths(paths)
              .methods(RequestMethod.valueOf(model.getVerbs().toUpperCase(Locale.ROOT)))
              .options(getBuilderConfiguration())
              .build();
      unregisterMapping(info);
      registerMapping(
          info,
          new RequestHandler(
              (SpringBootPlatformHttpConsumer) model.getConsumer(),
              Objects.requireNonNull(contracts.operation(model.getVerbs(), path))),
          RequestHandler.HANDLE);
    }
  }
}
