<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>Hold with a reason</source>
        <translation>Удержать с причиной</translation>
    </message>
    <message>
        <source>Talk option on that phone key</source>
        <translation>Опция разговора на этой клавише телефона</translation>
    </message>
    <message>
        <source>New call…</source>
        <translation>Новый звонок…</translation>
    </message>
    <message>
        <source>Redial…</source>
        <translation>Повторить набор…</translation>
    </message>
    <message>
        <source>Go to my call</source>
        <translation>К моему звонку</translation>
    </message>
    <message>
        <source>Go to ringing call</source>
        <translation>К звонящему</translation>
    </message>
    <message>
        <source>Go to held call</source>
        <translation>К удержанному</translation>
    </message>
    <message>
        <source>Filter calls</source>
        <translation>Отбор звонков</translation>
    </message>
    <message>
        <source>First to ninth tag</source>
        <translation>Метки с первой по девятую</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Заметки</translation>
    </message>
    <message>
        <source>Save card</source>
        <translation>Сохранить карточку</translation>
    </message>
    <message>
        <source>Queue of cards…</source>
        <translation>Очередь карточек…</translation>
    </message>
    <message>
        <source>Write the card later</source>
        <translation>Заполнить карточку позже</translation>
    </message>
    <message>
        <source>More time for the card</source>
        <translation>Ещё время для карточки</translation>
    </message>
    <message>
        <source>Show in Bitrix24</source>
        <translation>Показать в Битрикс24</translation>
    </message>
    <message>
        <source>Refresh now</source>
        <translation>Обновить сейчас</translation>
    </message>
    <message>
        <source>Points…</source>
        <translation>Баллы…</translation>
    </message>
    <message>
        <source>Connect…</source>
        <translation>Подключение…</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Выйти из учётной записи</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Клавиши</translation>
    </message>
    <message>
        <source>About Pult</source>
        <translation>О программе Pult</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Закрыть Pult</translation>
    </message>
</context>
<context>
    <name>Calls</name>
    <message>
        <source>Ringing</source>
        <translation>Звонит</translation>
    </message>
    <message>
        <source>In queue</source>
        <translation>В очереди</translation>
    </message>
    <message>
        <source>Talking</source>
        <translation>Разговор</translation>
    </message>
    <message>
        <source>On hold</source>
        <translation>На удержании</translation>
    </message>
    <message>
        <source>Consult rings</source>
        <translation>Вызов коллеги</translation>
    </message>
    <message>
        <source>Consulting</source>
        <translation>Консультация</translation>
    </message>
    <message>
        <source>Transferring</source>
        <translation>Перевод</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Завершён</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Неизвестно</translation>
    </message>
    <message>
        <source>Sending keys</source>
        <translation>Тоновый набор</translation>
    </message>
    <message>
        <source>Fax</source>
        <translation>Факс</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Отключён</translation>
    </message>
    <message>
        <source>Incoming</source>
        <translation>Входящий</translation>
    </message>
    <message>
        <source>Outgoing</source>
        <translation>Исходящий</translation>
    </message>
    <message>
        <source>Direction unknown</source>
        <translation>Направление неизвестно</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Удержать</translation>
    </message>
    <message>
        <source>Retrieve</source>
        <translation>Снять с удержания</translation>
    </message>
    <message>
        <source>Consult…</source>
        <translation>Консультация…</translation>
    </message>
    <message>
        <source>Complete transfer</source>
        <translation>Завершить перевод</translation>
    </message>
    <message>
        <source>Transfer now</source>
        <translation>Перевести сразу</translation>
    </message>
    <message>
        <source>Back to caller</source>
        <translation>Вернуться к клиенту</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Метка</translation>
    </message>
    <message>
        <source>Start recording</source>
        <translation>Начать запись</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Остановить запись</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Клавиатура</translation>
    </message>
    <message>
        <source>Coach…</source>
        <translation>Суфлёр…</translation>
    </message>
    <message>
        <source>Drop participant</source>
        <translation>Отключить участника</translation>
    </message>
    <message>
        <source>Block caller…</source>
        <translation>Заблокировать…</translation>
    </message>
    <message>
        <source>Talk option</source>
        <translation>Опция разговора</translation>
    </message>
    <message>
        <source>End call</source>
        <translation>Завершить</translation>
    </message>
    <message>
        <source>The caller hears the hold message and waits.</source>
        <translation>Клиент слышит сообщение удержания и ждёт.</translation>
    </message>
    <message>
        <source>Speak with the caller again.</source>
        <translation>Снова говорить с клиентом.</translation>
    </message>
    <message>
        <source>Call a colleague while the caller waits.</source>
        <translation>Позвонить коллеге, пока клиент ждёт.</translation>
    </message>
    <message>
        <source>The caller and the colleague talk; you leave.</source>
        <translation>Клиент и коллега говорят, вы отключаетесь.</translation>
    </message>
    <message>
        <source>You leave at once, before the colleague answers. The caller is lost if nobody answers.</source>
        <translation>Вы отключаетесь сразу, не дожидаясь ответа коллеги. Если никто не ответит, клиент будет потерян.</translation>
    </message>
    <message>
        <source>Let the colleague go and speak with the caller again.</source>
        <translation>Отпустить коллегу и снова говорить с клиентом.</translation>
    </message>
    <message>
        <source>Mark the call. A tag cannot be taken off here.</source>
        <translation>Отметить звонок. Снять метку здесь нельзя.</translation>
    </message>
    <message>
        <source>Record the call from now on.</source>
        <translation>Записывать звонок с этого момента.</translation>
    </message>
    <message>
        <source>Record no further.</source>
        <translation>Прекратить запись.</translation>
    </message>
    <message>
        <source>Send keys to a menu at the other end.</source>
        <translation>Передать клавиши голосовому меню собеседника.</translation>
    </message>
    <message>
        <source>A coach listens and speaks to the employee only.</source>
        <translation>Суфлёр слышит всех, его слышит только сотрудник.</translation>
    </message>
    <message>
        <source>Take one participant out of the call.</source>
        <translation>Отключить одного из участников звонка.</translation>
    </message>
    <message>
        <source>The number goes to the account&apos;s blacklist: nobody here hears it again. The call goes on.</source>
        <translation>Номер попадёт в чёрный список аккаунта: больше его здесь никто не услышит. Разговор продолжится.</translation>
    </message>
    <message>
        <source>What the phone system has set up for the time of a talk.</source>
        <translation>То, что АТС настроила на время разговора.</translation>
    </message>
    <message>
        <source>Hang up for everybody.</source>
        <translation>Завершить звонок для всех.</translation>
    </message>
    <message>
        <source>No call is chosen.</source>
        <translation>Звонок не выбран.</translation>
    </message>
    <message>
        <source>The call is over.</source>
        <translation>Звонок завершён.</translation>
    </message>
    <message>
        <source>Nobody has answered the call yet.</source>
        <translation>На звонок ещё не ответили.</translation>
    </message>
    <message>
        <source>The caller is on hold already.</source>
        <translation>Клиент уже на удержании.</translation>
    </message>
    <message>
        <source>The caller is not on hold.</source>
        <translation>Клиент не на удержании.</translation>
    </message>
    <message>
        <source>Put the caller on hold first ({hold_key}).</source>
        <translation>Сначала поставьте клиента на удержание ({hold_key}).</translation>
    </message>
    <message>
        <source>Take the caller back first ({retrieve_key}).</source>
        <translation>Сначала вернитесь к клиенту: снимите с удержания ({retrieve_key}).</translation>
    </message>
    <message>
        <source>Call a colleague first ({consult_key}).</source>
        <translation>Сначала позвоните коллеге ({consult_key}).</translation>
    </message>
    <message>
        <source>A consultation is under way: complete it ({complete_key}) or go back to the caller ({back_key}).</source>
        <translation>Идёт консультация: завершите перевод ({complete_key}) или вернитесь к клиенту ({back_key}).</translation>
    </message>
    <message>
        <source>The colleague has not answered yet. Wait, or go back to the caller ({back_key}).</source>
        <translation>Коллега ещё не ответил. Подождите или вернитесь к клиенту ({back_key}).</translation>
    </message>
    <message>
        <source>The colleague has answered: complete the transfer ({complete_key}).</source>
        <translation>Коллега ответил: завершите перевод ({complete_key}).</translation>
    </message>
    <message>
        <source>The caller is being transferred.</source>
        <translation>Клиента переводят.</translation>
    </message>
    <message>
        <source>The call is being recorded already.</source>
        <translation>Звонок уже записывается.</translation>
    </message>
    <message>
        <source>The call is not being recorded.</source>
        <translation>Звонок не записывается.</translation>
    </message>
    <message>
        <source>The administrator has all calls of this employee recorded.</source>
        <translation>Администратор включил запись всех звонков этого сотрудника.</translation>
    </message>
    <message>
        <source>“{action}” is on its way to the phone system.</source>
        <translation>«{action}» уже отправлено на АТС.</translation>
    </message>
    <message>
        <source>There is only one participant. End the call instead ({end_key}).</source>
        <translation>Участник только один. Завершите звонок ({end_key}).</translation>
    </message>
    <message>
        <source>The caller hides the number, so it cannot be blocked.</source>
        <translation>Номер скрыт, поэтому заблокировать его нельзя.</translation>
    </message>
    <message>
        <source>In an outgoing call the talk options begin after 30 seconds; {left_s} s to go.</source>
        <translation>В исходящем звонке опции разговора работают через 30 секунд; осталось {left_s} с.</translation>
    </message>
    <message>
        <source>The phone system has not answered yet.</source>
        <translation>АТС ещё не ответила.</translation>
    </message>
    <message>
        <source>Sign in first ({connect_key}).</source>
        <translation>Сначала войдите ({connect_key}).</translation>
    </message>
    <message>
        <source>The account&apos;s points are used up; there will be more in {resets_in_s} s.</source>
        <translation>Баллы учётной записи исчерпаны; новые появятся через {resets_in_s} с.</translation>
    </message>
    <message>
        <source>The account lacks the call management component: only starting and ending calls works. Ask the administrator.</source>
        <translation>В аккаунте нет компонента управления звонками: звонки можно только начинать и завершать. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>Number hidden</source>
        <translation>Номер скрыт</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>{action}: sending…</source>
        <translation>{action}: отправляется…</translation>
    </message>
    <message>
        <source>{action}: accepted, waiting to see it in the list.</source>
        <translation>{action}: принято, ждём подтверждения в списке.</translation>
    </message>
    <message>
        <source>{action}: confirmed.</source>
        <translation>{action}: подтверждено.</translation>
    </message>
    <message>
        <source>{action}: accepted, but the list of calls does not show it. Look before you try again.</source>
        <translation>{action}: принято, но в списке звонков этого не видно. Проверьте, прежде чем повторять.</translation>
    </message>
    <message>
        <source>{action}: nobody knows whether it was done, the list does not show it. Look before you try again.</source>
        <translation>{action}: неизвестно, выполнено ли, в списке не видно. Проверьте перед повтором.</translation>
    </message>
    <message>
        <source>{action}: refused.</source>
        <translation>{action}: отказано.</translation>
    </message>
    <message>
        <source>{action}: no answer yet, looking into the list of calls…</source>
        <translation>{action}: ответа пока нет, смотрим список звонков…</translation>
    </message>
    <message>
        <source>{action}: not sent.</source>
        <translation>{action}: не отправлено.</translation>
    </message>
    <message>
        <source>Tag “{name}”</source>
        <translation>Метка «{name}»</translation>
    </message>
    <message>
        <source>Transfer…</source>
        <translation>Перевести…</translation>
    </message>
    <message>
        <source>Choose a colleague; the caller goes over when they answer.</source>
        <translation>Выберите коллегу: клиент перейдёт к нему, когда тот ответит.</translation>
    </message>
    <message>
        <source>The small arrow ({key}): hold with a reason.</source>
        <translation>Стрелка ({key}): удержать с причиной.</translation>
    </message>
    <message>
        <source>The usual message</source>
        <translation>Обычное сообщение</translation>
    </message>
    <message>
        <source>{name} · back within {time}</source>
        <translation>{name} · вернёмся за {time}</translation>
    </message>
    <message>
        <source>No reasons are set up. They stand in config.toml under pbx.hold_message.presets.</source>
        <translation>Причины не заданы. Они указываются в config.toml, в pbx.hold_message.presets.</translation>
    </message>
    <message>
        <source>Talk options</source>
        <translation>Опции разговора</translation>
    </message>
    <message>
        <source>There is no talk option on phone key {digit}.</source>
        <translation>На клавише телефона {digit} нет опции разговора.</translation>
    </message>
    <message>
        <source>Transfer now: the caller is lost if nobody answers.</source>
        <translation>Перевести сразу: если никто не ответит, клиент будет потерян.</translation>
    </message>
    <message>
        <source>Another call has just come up. Look at it, then press again if you mean it.</source>
        <translation>Только что открылся другой звонок. Посмотрите на него и, если команда для него, нажмите ещё раз.</translation>
    </message>
    <message>
        <source>{sent} of {total} sent</source>
        <translation>отправлено {sent} из {total}</translation>
    </message>
    <message>
        <source>Not your call</source>
        <translation>Чужой звонок</translation>
    </message>
    <message>
        <source>“{action}” on the call of {caller}, which no employee has taken yet?</source>
        <translation>«{action}» для звонка {caller}, который ещё не принял ни один сотрудник?</translation>
    </message>
    <message>
        <source>“{action}” on the call of {caller} with {employee}? It is not your call.</source>
        <translation>«{action}» для звонка {caller} с сотрудником {employee}? Это не ваш звонок.</translation>
    </message>
    <message>
        <source>Consult or transfer</source>
        <translation>Консультация или перевод</translation>
    </message>
    <message>
        <source>Consult</source>
        <translation>Консультация</translation>
    </message>
    <message>
        <source>Transfer when answered</source>
        <translation>Перевести после ответа</translation>
    </message>
    <message>
        <source>Spoken to the colleague first (optional)</source>
        <translation>Что сказать коллеге перед разговором (необязательно)</translation>
    </message>
    <message>
        <source>Who is calling, and about what</source>
        <translation>Кто звонит и по какому вопросу</translation>
    </message>
    <message>
        <source>Characters left: {count}</source>
        <translation>Осталось символов: {count}</translation>
    </message>
    <message>
        <source>the caller waits until the note has been spoken</source>
        <translation>клиент ждёт, пока сообщение не прозвучит</translation>
    </message>
    <message>
        <source>Transfer when answered ({key}): if nobody answers within {seconds} s, the caller is back with you.</source>
        <translation>«Перевести после ответа» ({key}): если за {seconds} с никто не ответит, клиент вернётся к вам.</translation>
    </message>
    <message>
        <source>Block this caller?</source>
        <translation>Заблокировать этого абонента?</translation>
    </message>
    <message>
        <source>{caller} goes to the account&apos;s blacklist. Nobody here will hear from this number again, and it cannot be taken back from here. The call itself goes on.</source>
        <translation>{caller} попадёт в чёрный список. С этого номера сюда больше никто не дозвонится, и отменить это отсюда нельзя. Сам разговор продолжится.</translation>
    </message>
    <message>
        <source>It is not your call. {employee} has it.</source>
        <translation>Это не ваш звонок. Его ведёт {employee}.</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Заблокировать</translation>
    </message>
    <message>
        <source>Call in a coach</source>
        <translation>Подключить суфлёра</translation>
    </message>
    <message>
        <source>Call in</source>
        <translation>Подключить</translation>
    </message>
    <message>
        <source>The coach set for the employee</source>
        <translation>Суфлёр, назначенный сотруднику</translation>
    </message>
    <message>
        <source>Name or number</source>
        <translation>Имя или номер</translation>
    </message>
    <message>
        <source>Type a name, an extension or a number</source>
        <translation>Введите имя, добавочный или номер</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Имя</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Номер</translation>
    </message>
    <message>
        <source>What they do now</source>
        <translation>Чем занят сейчас</translation>
    </message>
    <message>
        <source>No such colleague. Type an extension or a phone number instead.</source>
        <translation>Такого коллеги нет. Введите добавочный или номер телефона.</translation>
    </message>
    <message>
        <source>No colleague has this number. {number} will be called.</source>
        <translation>Такого номера нет у коллег. Будет набран {number}.</translation>
    </message>
    <message>
        <source>Nobody here has {number}; it will be dialled as it is.</source>
        <translation>Номера {number} ни у кого нет; он будет набран как есть.</translation>
    </message>
    <message>
        <source>The keys after it ({keys}) are not sent: press them on the keypad once they answer.</source>
        <translation>Добавочный ({keys}) не набирается: нажмите его на клавиатуре, когда ответят.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Other tag…</source>
        <translation>Другая метка…</translation>
    </message>
    <message>
        <source>Tag by its number</source>
        <translation>Метка по номеру</translation>
    </message>
    <message>
        <source>Number of the tag</source>
        <translation>Номер метки</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Поставить метку</translation>
    </message>
    <message>
        <source>There is no tag number {position} in the settings.</source>
        <translation>Метки № {position} в настройках нет.</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Клавиатура</translation>
    </message>
    <message>
        <source>Keys to send</source>
        <translation>Что передать</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Передать</translation>
    </message>
</context>
<context>
    <name>Current</name>
    <message>
        <source>Current call</source>
        <translation>Текущий звонок</translation>
    </message>
    <message>
        <source>No call is chosen. Choose one in the list.</source>
        <translation>Звонок не выбран. Выберите его в списке.</translation>
    </message>
    <message>
        <source>No call. Yours appears here by itself as soon as it rings.</source>
        <translation>Звонка нет. Ваш появится здесь сам, как только зазвонит.</translation>
    </message>
    <message>
        <source>from line {line}</source>
        <translation>с линии {line}</translation>
    </message>
    <message>
        <source>to line {line}</source>
        <translation>на линию {line}</translation>
    </message>
    <message>
        <source>Employee: {employees}</source>
        <translation>Сотрудник: {employees}</translation>
    </message>
    <message>
        <source>caller on hold {duration}</source>
        <translation>клиент ждёт {duration}</translation>
    </message>
    <message>
        <source>{left} left as promised · {reason}</source>
        <translation>Обещано вернуться за {left} · {reason}</translation>
    </message>
    <message>
        <source>{over} longer than promised · {reason}</source>
        <translation>Дольше обещанного на {over} · {reason}</translation>
    </message>
    <message>
        <source>Tags: {tags}</source>
        <translation>Метки: {tags}</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Запись</translation>
    </message>
    <message>
        <source>my call</source>
        <translation>мой звонок</translation>
    </message>
    <message>
        <source>Participants</source>
        <translation>Участники</translation>
    </message>
    <message>
        <source>Customer</source>
        <translation>Клиент</translation>
    </message>
    <message>
        <source>Me</source>
        <translation>Я</translation>
    </message>
    <message>
        <source>Participant</source>
        <translation>Участник</translation>
    </message>
    <message>
        <source>Drop</source>
        <translation>Отключить</translation>
    </message>
    <message>
        <source>The phone system says: {state}</source>
        <translation>АТС сообщает: {state}</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
</context>
<context>
    <name>InHand</name>
    <message>
        <source>To {to} · putting the caller on hold</source>
        <translation>{to} · ставим клиента на удержание</translation>
    </message>
    <message>
        <source>To {to} · calling</source>
        <translation>{to} · звоним</translation>
    </message>
    <message>
        <source>Transfer to {to} when answered · the phone rings</source>
        <translation>Перевод: {to} · телефон звонит</translation>
    </message>
    <message>
        <source>{to} has answered · handing the caller over</source>
        <translation>{to}: ответ есть · передаём клиента</translation>
    </message>
    <message>
        <source>{to} did not answer · going back to the caller</source>
        <translation>{to}: нет ответа · возвращаемся к клиенту</translation>
    </message>
    <message>
        <source>Transfer to {to} when answered · back in {time}</source>
        <translation>Перевод: {to} · возврат через {time}</translation>
    </message>
    <message>
        <source>{words} ({caller})</source>
        <translation>{words} ({caller})</translation>
    </message>
    <message>
        <source>Bring the caller back</source>
        <translation>Вернуть клиента</translation>
    </message>
    <message>
        <source>Cancel the transfer</source>
        <translation>Отменить перевод</translation>
    </message>
    <message>
        <source>{label} ({key})</source>
        <translation>{label} ({key})</translation>
    </message>
    <message>
        <source>Tag “{tag}” in {left_s} s</source>
        <translation>Метка «{tag}» через {left_s} с</translation>
    </message>
    <message>
        <source>The caller is with {to}.</source>
        <translation>Клиент переведён: {to}.</translation>
    </message>
    <message>
        <source>{to} did not answer: you have the caller again.</source>
        <translation>{to}: ответа нет. Клиент снова с вами.</translation>
    </message>
    <message>
        <source>The caller hung up before {to} answered.</source>
        <translation>Клиент положил трубку, не дождавшись ответа ({to}).</translation>
    </message>
    <message>
        <source>Your phone left the call before {to} answered.</source>
        <translation>Ваш телефон вышел из звонка до ответа ({to}).</translation>
    </message>
    <message>
        <source>The transfer to {to} stopped: the list does not show what was asked for. Look at the call.</source>
        <translation>Перевод остановлен ({to}): в списке не видно того, о чём просили. Посмотрите на звонок.</translation>
    </message>
    <message>
        <source>The transfer to {to} stopped; the call stays with you.</source>
        <translation>Перевод остановлен ({to}), звонок остаётся у вас.</translation>
    </message>
    <message>
        <source>Undo ({key})</source>
        <translation>Отменить ({key})</translation>
    </message>
    <message>
        <source>Tag “{tag}” was not set.</source>
        <translation>Метка «{tag}» не поставлена.</translation>
    </message>
    <message>
        <source>{caller} was lost in the transfer.</source>
        <translation>{caller}: звонок потерян при переводе.</translation>
    </message>
    <message>
        <source>{caller} was lost in the transfer to {to}.</source>
        <translation>{caller}: звонок потерян при переводе ({to}).</translation>
    </message>
    <message>
        <source>A caller was lost</source>
        <translation>Звонок потерян</translation>
    </message>
    <message>
        <source>Call back</source>
        <translation>Перезвонить</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Убрать</translation>
    </message>
</context>
<context>
    <name>List</name>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Caller</source>
        <translation>Клиент</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Линия</translation>
    </message>
    <message>
        <source>Employee</source>
        <translation>Сотрудник</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Время</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Метки</translation>
    </message>
    <message>
        <source>Rec</source>
        <translation>Зап</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Направление</translation>
    </message>
    <message>
        <source>Line called</source>
        <translation>Линия</translation>
    </message>
    <message>
        <source>Time since the call began</source>
        <translation>Время с начала звонка</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Запись</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>Записывается</translation>
    </message>
    <message>
        <source>Active calls</source>
        <translation>Активные звонки</translation>
    </message>
    <message>
        <source>{shown} of {total}</source>
        <translation>{shown} из {total}</translation>
    </message>
    <message>
        <source>Caller, number, employee or tag</source>
        <translation>Клиент, номер, сотрудник, метка</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>Очистить фильтр</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Отбор</translation>
    </message>
    <message>
        <source>All calls</source>
        <translation>Все звонки</translation>
    </message>
    <message>
        <source>All lines</source>
        <translation>Все линии</translation>
    </message>
    <message>
        <source>Connecting to the phone system…</source>
        <translation>Подключение к АТС…</translation>
    </message>
    <message>
        <source>Not signed in. Press Connect… to see the calls.</source>
        <translation>Вход не выполнен. Нажмите «Подключение…», чтобы видеть звонки.</translation>
    </message>
    <message>
        <source>The phone system does not answer. Trying again…</source>
        <translation>АТС не отвечает. Пробуем снова…</translation>
    </message>
    <message>
        <source>The account&apos;s plan has no list of calls. Calls started here are shown while they last.</source>
        <translation>В тарифе аккаунта нет списка звонков. Начатые здесь звонки видны, пока они идут.</translation>
    </message>
    <message>
        <source>The phone system does not let the calls be listed; see above.</source>
        <translation>АТС не разрешает прочитать список звонков: что делать, написано выше.</translation>
    </message>
    <message>
        <source>The account&apos;s points are used up. The calls are shown again once there are more.</source>
        <translation>Баллы аккаунта закончились. Звонки появятся, когда баллы начислят снова.</translation>
    </message>
    <message>
        <source>No calls right now.</source>
        <translation>Сейчас звонков нет.</translation>
    </message>
    <message>
        <source>No call matches the filter.</source>
        <translation>Под отбор не подходит ни один звонок.</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Connecting</source>
        <translation>Подключение</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>На связи</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Нет ответа</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>Нет связи</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Вход не выполнен</translation>
    </message>
    <message>
        <source>Calls are not listed</source>
        <translation>Список недоступен</translation>
    </message>
    <message>
        <source>Points used up</source>
        <translation>Баллы закончились</translation>
    </message>
    <message>
        <source>Not allowed</source>
        <translation>Нет доступа</translation>
    </message>
    <message>
        <source>seen {age} ago</source>
        <translation>данным {age}</translation>
    </message>
    <message>
        <source>reduced refresh: every {every}</source>
        <translation>обновление реже: раз в {every}</translation>
    </message>
    <message>
        <source>Points of the whole account. When they run low the list is read less often, so that commands still work. Click for what each request takes and when they are there again.</source>
        <translation>Баллы всего аккаунта. Когда их мало, список читается реже, чтобы команды работали. Нажмите, чтобы увидеть, сколько стоит каждый запрос и когда баллы восстановятся.</translation>
    </message>
    <message>
        <source>Cards waiting: {count}</source>
        <translation>Ждут отправки: {count}</translation>
    </message>
    <message>
        <source>set aside: {count}</source>
        <translation>отложено: {count}</translation>
    </message>
    <message>
        <source>Cards that are not in the CRMs yet. Click for the queue ({key}).</source>
        <translation>Карточки, которых ещё нет в CRM. Щёлкните, чтобы открыть очередь ({key}).</translation>
    </message>
    <message>
        <source>Sign-in data from the environment</source>
        <translation>Данные входа из окружения</translation>
    </message>
    <message>
        <source>Keyring locked: sign-in data for this run only</source>
        <translation>Хранилище паролей закрыто: вход только до закрытия</translation>
    </message>
    <message>
        <source>No keyring: sign-in data for this run only</source>
        <translation>Нет хранилища паролей: вход только до закрытия</translation>
    </message>
    <message>
        <source>The phone system does not answer. Pult keeps trying.</source>
        <translation>АТС не отвечает. Pult пробует снова.</translation>
    </message>
    <message>
        <source>The phone system does not answer: what you see is {age} old. Calls go on; Pult keeps trying.</source>
        <translation>АТС не отвечает: данным на экране {age}. Звонки продолжаются; Pult пробует снова.</translation>
    </message>
    <message>
        <source>Not signed in to the phone system.</source>
        <translation>Вход на АТС не выполнен.</translation>
    </message>
    <message>
        <source>{crm} takes no cards: {reason} Cards waiting: {count}; they are safe on this computer.</source>
        <translation>{crm} не берёт карточки. {reason} Ждут карточек: {count}; они в сохранности на этом компьютере.</translation>
    </message>
    <message>
        <source>Not saved: {reason} What you typed stands in the window; leave it open and save again.</source>
        <translation>Не сохранено. {reason} Введённое осталось в окне: не закрывайте его и сохраните ещё раз.</translation>
    </message>
    <message>
        <source>recordings and calls nobody saw here are not found.</source>
        <translation>записи разговоров и звонки, которых эта консоль не видела, не находятся.</translation>
    </message>
    <message>
        <source>recordings are not fetched.</source>
        <translation>записи разговоров не скачиваются.</translation>
    </message>
    <message>
        <source>calls nobody saw here are not found.</source>
        <translation>звонки, которых эта консоль не видела, не находятся.</translation>
    </message>
    <message>
        <source>The phone system&apos;s user may not read its reports. Give the right to the Data API&apos;s reports in the cabinet: Account, Users.</source>
        <translation>Пользователю телефонии нельзя читать отчёты. Дайте ему право на отчёты Data API в личном кабинете: «Аккаунт», «Пользователи».</translation>
    </message>
    <message>
        <source>The disk is full. Free some space; it goes on by itself.</source>
        <translation>Диск заполнен. Освободите место; дальше всё пойдёт само.</translation>
    </message>
    <message>
        <source>For the administrator: {lost} {reason}</source>
        <translation>Администратору: {lost} {reason}</translation>
    </message>
    <message>
        <source>Connect…</source>
        <translation>Подключение…</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Возобновить</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>DEMO: invented calls, nothing leaves this computer</source>
        <translation>ДЕМО: звонки вымышлены, с этого компьютера ничего не уходит</translation>
    </message>
    <message>
        <source>There is no such call now.</source>
        <translation>Такого звонка сейчас нет.</translation>
    </message>
    <message>
        <source>{left}/{limit} per minute</source>
        <translation>{left}/{limit} в минуту</translation>
    </message>
    <message>
        <source>{left}/{limit} today</source>
        <translation>{left}/{limit} сегодня</translation>
    </message>
</context>
<context>
    <name>Times</name>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} с</translation>
    </message>
</context>
<context>
    <name>Windows</name>
    <message>
        <source>As the system</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Светлая</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Тёмная</translation>
    </message>
    <message>
        <source>No copy of the memory on disk after a crash</source>
        <translation>Память не записывается на диск при сбое</translation>
    </message>
    <message>
        <source>Other programs cannot read the memory</source>
        <translation>Другие программы не могут читать память</translation>
    </message>
    <message>
        <source>No libraries from the current folder</source>
        <translation>Библиотеки из текущей папки не загружаются</translation>
    </message>
    <message>
        <source>Crash reports without anybody&apos;s data</source>
        <translation>Отчёты о сбоях без личных данных</translation>
    </message>
    <message>
        <source>Keys of secure connections are not written down</source>
        <translation>Ключи защищённых соединений не записываются</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>не удалось</translation>
    </message>
    <message>
        <source>Pult (DEMO)</source>
        <translation>Pult (ДЕМО)</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Звонок</translation>
    </message>
    <message>
        <source>Card</source>
        <translation>Карточка</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Вид</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Тема</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Справка</translation>
    </message>
    <message>
        <source>Show window</source>
        <translation>Показать окно</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Клавиши</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Действие</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Клавиша</translation>
    </message>
    <message>
        <source>Keys work everywhere in the window, also while you type. Escape never hangs up.</source>
        <translation>Клавиши действуют во всём окне, и во время набора текста тоже. Esc никогда не завершает звонок.</translation>
    </message>
    <message>
        <source>About Pult</source>
        <translation>О программе Pult</translation>
    </message>
    <message>
        <source>Shows and drives the account&apos;s calls. The voice stays in the phone: Pult carries no sound and cannot answer.</source>
        <translation>Показывает звонки учётной записи и управляет ими. Голос остаётся в телефоне: Pult не передаёт звук и не может ответить на звонок.</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Версии</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Папка данных</translation>
    </message>
    <message>
        <source>Sign-in data kept in</source>
        <translation>Данные входа хранит</translation>
    </message>
    <message>
        <source>Protection of the process</source>
        <translation>Защита процесса</translation>
    </message>
    <message>
        <source>Icons</source>
        <translation>Значки</translation>
    </message>
    <message>
        <source>keyring of the system ({backend})</source>
        <translation>хранилище паролей системы ({backend})</translation>
    </message>
    <message>
        <source>environment of the process, never written</source>
        <translation>окружение процесса, нигде не записываются</translation>
    </message>
    <message>
        <source>memory, for this run only</source>
        <translation>память, только до закрытия</translation>
    </message>
    <message>
        <source>on</source>
        <translation>включено</translation>
    </message>
    <message>
        <source>not available here</source>
        <translation>здесь недоступно</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>Входящий звонок</translation>
    </message>
    <message>
        <source>{caller}, on line {line}</source>
        <translation>{caller}, линия {line}</translation>
    </message>
</context>
</TS>
