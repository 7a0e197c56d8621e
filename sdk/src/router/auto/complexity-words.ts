/**
 * The words that say how hard a request is, in lower case: whole words and phrases, those of Chinese, Japanese and Korean
 * wherever they stand. Our own lists; which kinds there are is LiteLLM's division (its complexity router's README, read
 * 2026-11-22). Words of programs that are common in plain talk (`let`, `try`, `error`, `return`) are left out: a program
 * has others beside them.
 */
export interface ComplexityWords {
  readonly code: readonly string[];
  readonly reasoning: readonly string[];
  readonly technical: readonly string[];
  readonly simple: readonly string[];
}

const list = (text: string): string[] => text.trim().split(/\s*\n\s*|\s*\|\s*/);

export const complexityWords: ComplexityWords = {
  code: list(`
    function | functions | method | methods | class | def | const | async | await | import | exports | struct | enum | lambda
    regex | regexp | json | yaml | xml | html | css | sql | schema | query | queries | database | api | apis | endpoint | endpoints
    debug | debugger | debugging | stack trace | stacktrace | traceback | exception | exceptions | segfault | null pointer | compile error | compiler
    refactor | refactoring | implement | implementation | unit test | unit tests | test case | algorithm | algorithms | data structure
    code | coding | codebase | script | bash | shell script | python | javascript | typescript | java | kotlin | swift | rust | golang | c++ | c# | php | ruby | scala | haskell
    react | angular | django | flask | spring boot | node.js | nodejs | npm | pip | cargo | docker | dockerfile | kubernetes | kubectl | terraform
    git | commit | rebase | merge conflict | pull request | git branch
    funktion | methode | klasse | programmiere | programmieren | quellcode | datenbank | abfrage | schnittstelle | fehlermeldung | implementiere
    fonction | méthode | classe | programme | code source | base de données | requête sql | implémente | implémenter | débogue
    función | método | clase | programa en | código | base de datos | consulta sql | implementa | implementar | depurar
    função | método | código-fonte | código | banco de dados | implemente | funzione | metodo | codice | implementa
    функция | функцию | метод | класс | код | программу | запрос | база данных | отладка | реализуй
    函数 | 代码 | 编程 | 数据库 | 接口 | 算法 | 调试 | 报错 | 実装 | 関数 | コード | データベース | アルゴリズム | バグ | 함수 | 코드 | 데이터베이스 | 알고리즘 | 디버그
  `),
  reasoning: list(`
    step by step | step-by-step | think through | think carefully | think hard | let's think | reason through | reason about | reasoning | chain of thought
    show your work | show your reasoning | explain your reasoning | justify | prove | proof | derive | derivation | deduce | infer | logically
    analyze | analyse | analysis of | break down | break it down | evaluate | weigh the options | pros and cons | trade-offs | tradeoffs | trade offs | compare and contrast
    consider all | root cause | counterexample | contradiction | implications of | critically | from first principles
    schritt für schritt | denke nach | durchdenke | begründe | begründung | beweise | beweis | leite her | analysiere | bewerte | vor- und nachteile | vor und nachteile | abwägen | wäge ab
    étape par étape | pas à pas | réfléchis | raisonne | raisonnement | démontre | démonstration | prouve | analyse en détail | justifie | avantages et inconvénients
    paso a paso | razona | razonamiento | demuestra | demostración | analiza | justifica | evalúa | ventajas y desventajas | pros y contras
    passo a passo | raciocine | raciocínio | demonstre | analise | prós e contras | passo dopo passo | ragiona | dimostra | analizza | pro e contro
    шаг за шагом | пошагово | рассуждай | докажи | доказательство | проанализируй | обоснуй | плюсы и минусы
    一步一步 | 逐步 | 分析 | 推理 | 证明 | 推导 | 论证 | 权衡 | 优缺点 | 段階的に | 考察 | 推論 | 証明 | 分析し | 단계별로 | 추론 | 증명 | 분석
  `),
  technical: list(`
    architecture | architectural | distributed | scalable | scalability | microservice | microservices | monolith | event-driven | message queue | load balancer | load balancing
    sharding | replication | replica | consensus | raft | paxos | consistency | idempotent | idempotency | transaction | transactions | deadlock | race condition | eventual consistency
    machine learning | deep learning | neural network | transformer model | gradient descent | fine-tuning | embedding | embeddings | reinforcement learning | backpropagation
    encryption | cryptography | cryptographic | authentication | authorization | oauth | tls | zero-knowledge | threat model | vulnerability
    performance | latency | throughput | benchmark | benchmarks | concurrency | parallelism | multithreading | threading | memory leak | garbage collection | cache invalidation | caching
    cpu | gpu | optimization | optimisation | time complexity | space complexity | big o | np-hard | protocol | protocols | tcp | udp | http | grpc | websocket | container | containers | orchestration
    differential equation | eigenvalue | integral | theorem | stochastic | bayesian | regression | covariance | derivative
    architektur | verteilte | verteiltes | skalierbar | skalierbarkeit | verschlüsselung | authentifizierung | nebenläufigkeit | latenz | durchsatz | maschinelles lernen | neuronales netz | differentialgleichung
    architecture distribuée | système distribué | évolutivité | chiffrement | authentification | concurrence | latence | débit | apprentissage automatique | réseau de neurones
    arquitectura | distribuido | distribuida | escalable | escalabilidad | cifrado | autenticación | concurrencia | latencia | rendimiento | aprendizaje automático | red neuronal
    arquitetura | distribuído | escalável | criptografia | autenticação | concorrência | latência | desempenho | architettura | distribuito | scalabile | crittografia
    архитектура | распределённая | распределенная | масштабируемость | шифрование | аутентификация | задержка | пропускная способность | машинное обучение
    架构 | 分布式 | 微服务 | 可扩展 | 加密 | 认证 | 并发 | 延迟 | 吞吐量 | 性能 | 机器学习 | 神经网络 | アーキテクチャ | 分散システム | 暗号化 | 並行処理 | レイテンシ | 機械学習 | 아키텍처 | 분산 | 암호화 | 동시성 | 지연 시간 | 머신러닝
  `),
  simple: list(`
    what is | what's | what are | define | definition of | meaning of | who is | who was | who wrote | when did | when was | when is | where is | where was | how many | how much | how old
    capital of | translate | spell | synonym | yes or no | true or false | in one word | in one sentence | briefly | brief | quick question | tl;dr
    hello | hi | hey | good morning | good evening | thanks | thank you | bye | goodbye | ok | okay | how are you
    was ist | was sind | was bedeutet | wer ist | wer war | wann war | wann ist | wo ist | wie viele | wie viel | wie alt | übersetze | hallo | guten tag | guten morgen | danke | tschüss | kurz gesagt
    qu'est-ce que | qu'est ce que | c'est quoi | qui est | qui était | quand est | où est | combien | traduis | bonjour | bonsoir | salut | merci | au revoir
    qué es | que es | quién es | quien es | cuándo fue | dónde está | cuántos | cuánto | traduce | hola | buenos días | gracias | adiós
    o que é | quem é | quando foi | onde fica | quantos | traduza | olá | bom dia | obrigado | obrigada | cos'è | chi è | dove si trova | quanti | traduci | ciao | grazie
    что такое | кто такой | когда был | где находится | сколько | переведи | привет | здравствуйте | спасибо
    什么是 | 是什么 | 谁是 | 多少 | 在哪里 | 翻译 | 你好 | 谢谢 | とは何 | とは？ | 誰ですか | いくつ | どこですか | 翻訳 | こんにちは | ありがとう | 무엇 | 누구 | 몇 | 어디 | 번역 | 안녕 | 감사
  `),
};

/** Text that only a program has. Each counts as a word of `code`. */
export const codeMarks: readonly string[] = ['```', '=>', '();', '</', '#include', '!=', '::'];

/** A word of the first list, and later one of the second: something is to be done in order. */
export const firstWords: readonly string[] = list('first | firstly | zuerst | erstens | premièrement | primero | primeiro | сначала');
export const thenWords: readonly string[] = list(
  'then | next | finally | afterwards | danach | dann | anschließend | schließlich | ensuite | puis | enfin | luego | después | depois | então | infine | затем | потом',
);
/** Before a number. */
export const stepWords: readonly string[] = list('step | schritt | étape | paso | passo | etapa | шаг');

/** The same for scripts without spaces. */
export const unspacedSteps: readonly (readonly [RegExp, RegExp])[] = [
  [/首先|第一步/, /然后|接着|最后|第二步/],
  [/まず|最初に/, /次に|それから|最後に/],
  [/먼저|우선/, /다음|그리고|마지막/],
];
