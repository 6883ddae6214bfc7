//! One run: acts, the order of their steps, and the model beside it.

use std::{
    convert::Infallible,
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use hardtack::{
    Clock, Session, SessionError,
    tower::{SessionLayer, SessionService, session},
};
use http::{Request, Response, header, request::Parts};
use tower::{Layer, Service, service_fn};

use super::{
    act::Act,
    model::{Answered, Model},
    orders::Order,
    world::{Fault, Login, World, point},
};
use crate::common::{at, pair, ring};

/// How the service is configured, and how old the session is that everything begins with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Setting {
    pub(crate) list: bool,
    pub(crate) check: bool,
    /// The check and a renewal are due.
    pub(crate) stale: bool,
}

impl Setting {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..8).map(|bits| Self { list: bits & 1 != 0, check: bits & 2 != 0, stale: bits & 4 != 0 })
    }
}

/// `recheck_after`, two seconds, the hooks' timeout, three times the skew, and a second.
const BOUND: i64 = 900 + 2 + 2 + 180 + 1;

type Handler = Pin<Box<dyn Future<Output = Result<Response<String>, Infallible>> + Send>>;
type Service_ = Box<dyn FnMut(Request<()>) -> Handler>;

/// A service that runs are made against, one after the other.
pub(crate) struct Stage {
    setting: Setting,
    world: World,
    layer: SessionLayer<Login>,
    service: Service_,
}

/// A request under way.
struct Sent {
    act: Act,
    number: u8,
    carried: Option<usize>,
    state: Progress,
}

enum Progress {
    Unsent,
    UnderWay(Handler),
    /// Answered, and not yet arrived.
    Answered(Brings),
    Done,
}

/// What a response does to its sender's cookie.
#[derive(Clone, Copy)]
enum Brings {
    Nothing,
    Removal,
    /// The token at this place.
    Token(usize),
}

/// The moment in a run at which a handler proved its user.
#[derive(Clone, Copy)]
struct Proved(usize);

/// What a request's handler is to do.
#[derive(Clone, Copy)]
struct Task {
    act: Act,
    number: u8,
}

impl Stage {
    pub(crate) fn new(setting: Setting, fault: Fault) -> Self {
        let world = World::new(fault);
        let clock = world.clone();
        let mut builder =
            SessionLayer::<Login>::builder(ring()).clock(Clock::from_fn(move || at(clock.state().seconds)));
        if setting.list {
            builder = builder.deny_list(world.clone());
        }
        if setting.check {
            let users = world.clone();
            builder = builder.check_user(move |login, claims| users.clone().check(login, claims));
        }
        let layer = builder.build().unwrap();
        let handlers = world.clone();
        let mut service: SessionService<_, Login> =
            layer.layer(service_fn(move |request: Request<()>| handle(handlers.clone(), request.into_parts().0)));
        let service = Box::new(move |request| Box::pin(service.call(request)) as Handler);
        Self { setting, world, layer, service }
    }

    /// Runs these acts in this order. What broke the model, if anything did.
    pub(crate) fn run(&mut self, acts: &[Act], order: &mut impl Order) -> Option<String> {
        let mut run = Run::new(self);
        let mut sent: Vec<Sent> = acts
            .iter()
            .zip(1..)
            .map(|(act, number)| Sent { act: *act, number, carried: None, state: Progress::Unsent })
            .collect();
        let result = run.all(&mut sent, order).and_then(|()| run.judge());
        let setting = self.setting;
        result.err().map(|broken| format!("{acts:?} under {setting:?}: {broken}"))
    }
}

/// The handler: looks, waits, and does what it is for.
async fn handle(world: World, parts: Parts) -> Result<Response<String>, Infallible> {
    let session = session::<Login>(&parts).await.unwrap();
    let user = session.get().map(|login| format!("{}", login.written_by)).unwrap_or_default();
    point().await;
    let task = *parts.extensions.get::<Task>().unwrap();
    let done = act(&world, &session, task);
    let mut response = Response::new(user);
    match done {
        Ok(()) => {
            if matches!(task.act, Act::Login | Act::Reauthenticate) {
                response.extensions_mut().insert(Proved(world.state().moment));
            }
        }
        Err(error) => {
            *response.status_mut() = http::StatusCode::from_u16(error.status()).unwrap();
            response.extensions_mut().insert(error);
        }
    }
    if task.act == Act::Update {
        world.state().kept = Some(session);
    }
    Ok(response)
}

fn act(world: &World, session: &Session<Login>, task: Task) -> Result<(), SessionError> {
    let stamp = world.state().stamp;
    let write = |login: &mut Login| *login = Login { stamp, written_by: task.number };
    match task.act {
        Act::Renew => session.renew(),
        Act::Update => {
            if let Some(claims) = session.claims() {
                world.state().written.insert(*claims.session_id().as_bytes(), stamp);
            }
            session.update(write)
        }
        Act::Cycle => session.cycle(),
        Act::Reauthenticate => session.reauthenticate().and_then(|()| session.update(write)),
        Act::Login => session.begin(Login { stamp, written_by: task.number }),
        Act::Logout => session.try_end(),
        _ => Ok(()),
    }
}

/// A run on a stage: what the browser and the thief hold, and what is known of it.
struct Run<'s> {
    stage: &'s mut Stage,
    model: Model,
    /// The cookies of the browser and of the thief, by their place among the tokens.
    jars: [Option<usize>; 2],
}

impl<'s> Run<'s> {
    fn new(stage: &'s mut Stage) -> Self {
        let mut model = Model::default();
        *stage.world.state() = super::world::State::default();
        let manager = stage.layer.manager();
        let session = manager.load([], at(0));
        session.begin(Login { stamp: stage.world.state().stamp, written_by: 0 }).unwrap();
        let set_cookies = manager.commit(&session, false, at(0)).unwrap();
        model.begin(pair(&set_cookies[0]).to_owned());
        stage.world.state().seconds = if stage.setting.stale { 900 } else { 60 };
        Self { stage, model, jars: [Some(0), Some(0)] }
    }

    /// Takes steps until nothing is left to do.
    fn all(&mut self, sent: &mut [Sent], order: &mut impl Order) -> Result<(), String> {
        loop {
            let left: Vec<usize> =
                (0..sent.len()).filter(|index| !matches!(sent[*index].state, Progress::Done)).collect();
            match left[..] {
                [] => return Ok(()),
                // Of one there is but one order.
                [only] => self.step(&mut sent[only])?,
                _ => self.step(&mut sent[left[order.choose(left.len())]])?,
            }
            self.stage.world.state().moment += 1;
        }
    }

    fn step(&mut self, sent: &mut Sent) -> Result<(), String> {
        let Some(sender) = sent.act.sender() else {
            self.happens(sent.act);
            sent.state = Progress::Done;
            return Ok(());
        };
        match std::mem::replace(&mut sent.state, Progress::Done) {
            Progress::Unsent => {
                sent.carried = self.jars[sender];
                let handler = self.send(sent.act.verb(), sent.number, sent.carried);
                self.poll(sent, handler)
            }
            Progress::UnderWay(handler) => self.poll(sent, handler),
            Progress::Answered(brings) => {
                match brings {
                    Brings::Nothing => {}
                    Brings::Removal => self.jars[sender] = None,
                    Brings::Token(token) => self.jars[sender] = Some(token),
                }
                Ok(())
            }
            Progress::Done => Ok(()),
        }
    }

    fn happens(&mut self, act: Act) {
        let mut state = self.stage.world.state();
        match act {
            Act::Revoke => {
                state.stamp = state.stamp.wrapping_add(1);
                self.model.revoke(state.moment);
            }
            Act::Wait => state.seconds += 240,
            Act::Fail => state.fails = true,
            Act::WriteLate => {
                let (kept, stamp) = (state.kept.take(), state.stamp);
                drop(state);
                // Whether it is taken or refused: what is sealed keeps to the model.
                let _ = kept.map(|session| session.update(|login| login.stamp = stamp));
            }
            _ => {}
        }
    }

    fn send(&mut self, act: Act, number: u8, carried: Option<usize>) -> Handler {
        let mut request = Request::new(());
        if let Some(token) = carried {
            request.headers_mut().insert(header::COOKIE, self.model.tokens[token].cookie.parse().unwrap());
        }
        request.extensions_mut().insert(Task { act, number });
        (self.stage.service)(request)
    }

    fn poll(&mut self, sent: &mut Sent, mut handler: Handler) -> Result<(), String> {
        let Poll::Ready(Ok(response)) = pin!(&mut handler).poll(&mut Context::from_waker(Waker::noop())) else {
            sent.state = Progress::UnderWay(handler);
            return Ok(());
        };
        let cookies: Vec<_> = response
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| {
                let value = value.to_str().unwrap();
                (!value.contains("Max-Age=0")).then(|| pair(value).to_owned())
            })
            .collect();
        let changes = !cookies.is_empty();
        let answered = Answered {
            act: sent.act.verb(),
            number: sent.number,
            carried: sent.carried,
            proved: response.extensions().get::<Proved>().map(|proved| proved.0),
            status: response.status().as_u16(),
            set: cookies,
        };
        let token = self.model.answer(answered)?;
        sent.state = Progress::Answered(match token {
            Some(token) => Brings::Token(token),
            None if changes => Brings::Removal,
            None => Brings::Nothing,
        });
        Ok(())
    }

    /// Everything was answered and has arrived: looks at each token that was ever sent.
    fn judge(&mut self) -> Result<(), String> {
        {
            let mut state = self.stage.world.state();
            state.fails = false;
            // The faults are of the requests before.
            state.judging = true;
        }
        let Setting { list, check, .. } = self.stage.setting;
        let opened: Vec<_> = (0..self.model.tokens.len()).map(|token| self.opens(token)).collect();
        for (token, opened) in opened.into_iter().enumerate() {
            match opened {
                Some(written_by) => {
                    if list {
                        self.model.may_open(token)?;
                    }
                    if written_by != self.model.tokens[token].written_by.to_string() {
                        return Err(format!("a token says that {written_by} wrote last"));
                    }
                }
                None => self.model.must_open(token, list)?,
            }
        }
        if check {
            self.stage.world.state().seconds += BOUND;
            for token in 0..self.model.tokens.len() {
                if self.opens(token).is_some() {
                    self.model.may_open_late(token)?;
                }
            }
        }
        Ok(())
    }

    /// Whose number a token holds, if it opens.
    fn opens(&mut self, token: usize) -> Option<String> {
        let mut handler = self.send(Act::Use, 0, Some(token));
        loop {
            if let Poll::Ready(Ok(response)) = pin!(&mut handler).poll(&mut Context::from_waker(Waker::noop())) {
                return Some(response.into_body()).filter(|user| !user.is_empty());
            }
        }
    }
}
