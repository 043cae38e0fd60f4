<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>NewCall</name>
    <message>
        <source>An employee&apos;s phone</source>
        <translation>Телефон сотрудника</translation>
    </message>
    <message>
        <source>A scenario</source>
        <translation>Сценарий</translation>
    </message>
    <message>
        <source>The scenario of the line</source>
        <translation>Сценарий линии</translation>
    </message>
    <message>
        <source>Play a message</source>
        <translation>Проиграть сообщение</translation>
    </message>
    <message>
        <source>Any two numbers</source>
        <translation>Два любых номера</translation>
    </message>
    <message>
        <source>Rings the employee&apos;s phone and the number, and connects them.</source>
        <translation>Звонит на телефон сотрудника и на номер и соединяет их.</translation>
    </message>
    <message>
        <source>Calls the number; on our side the scenario decides who is rung.</source>
        <translation>Звонит на номер; кому звонить у нас, решает сценарий.</translation>
    </message>
    <message>
        <source>Calls the number; on our side the scenario of the line decides who is rung.</source>
        <translation>Звонит на номер; кому звонить у нас, решает сценарий линии.</translation>
    </message>
    <message>
        <source>Calls the number and plays a message. Nobody talks.</source>
        <translation>Звонит на номер и проигрывает сообщение. Разговора нет.</translation>
    </message>
    <message>
        <source>Connects the number with any other phone, e.g. a mobile.</source>
        <translation>Соединяет номер с любым другим телефоном, например мобильным.</translation>
    </message>
    <message>
        <source>Employee</source>
        <translation>Сотрудник</translation>
    </message>
    <message>
        <source>Employee&apos;s phone</source>
        <translation>Телефон сотрудника</translation>
    </message>
    <message>
        <source>Scenario</source>
        <translation>Сценарий</translation>
    </message>
    <message>
        <source>Our number</source>
        <translation>Наш номер</translation>
    </message>
    <message>
        <source>Key to take the call</source>
        <translation>Клавиша для ответа</translation>
    </message>
    <message>
        <source>Rings first</source>
        <translation>Сначала звонок</translation>
    </message>
    <message>
        <source>Message to the contact</source>
        <translation>Сообщение клиенту</translation>
    </message>
    <message>
        <source>Message to our side</source>
        <translation>Сообщение нашей стороне</translation>
    </message>
    <message>
        <source>Music while ringing</source>
        <translation>Музыка при дозвоне</translation>
    </message>
    <message>
        <source>Connect without hearing messages out</source>
        <translation>Соединять, не дослушивая сообщения</translation>
    </message>
    <message>
        <source>Hear the contact&apos;s line while it rings</source>
        <translation>Слышать линию клиента при дозвоне</translation>
    </message>
    <message>
        <source>Our phone shows</source>
        <translation>Наш телефон покажет</translation>
    </message>
    <message>
        <source>Ring for, s</source>
        <translation>Звонить, с</translation>
    </message>
    <message>
        <source>Keys after the answer</source>
        <translation>Клавиши после ответа</translation>
    </message>
    <message>
        <source>Counts as</source>
        <translation>Считать звонок</translation>
    </message>
    <message>
        <source>Number shown</source>
        <translation>Показать номер</translation>
    </message>
    <message>
        <source>Name, or the number in the phone system</source>
        <translation>Имя или номер в АТС</translation>
    </message>
    <message>
        <source>As set for the employee</source>
        <translation>Как задано у сотрудника</translation>
    </message>
    <message>
        <source>Digits, e.g. 79261234567</source>
        <translation>Цифры, например 79261234567</translation>
    </message>
    <message>
        <source>The usual one</source>
        <translation>Обычная</translation>
    </message>
    <message>
        <source>30 if empty</source>
        <translation>30, если пусто</translation>
    </message>
    <message>
        <source>As typed after the number; a dot waits 1 s</source>
        <translation>Как после номера; точка ждёт 1 с</translation>
    </message>
    <message>
        <source>The line chosen</source>
        <translation>Выбранной линии</translation>
    </message>
    <message>
        <source>The one this contact saw before</source>
        <translation>Который клиент уже видел</translation>
    </message>
    <message>
        <source>Any of ours</source>
        <translation>Любой наш</translation>
    </message>
    <message>
        <source>Any of the contact&apos;s region</source>
        <translation>Любой из региона клиента</translation>
    </message>
    <message>
        <source>Of the region, the same for this contact</source>
        <translation>Из региона, для клиента тот же</translation>
    </message>
    <message>
        <source>Type a number, or choose one below.</source>
        <translation>Введите номер или выберите ниже.</translation>
    </message>
    <message>
        <source>Internal numbers cannot be called from here: choose a colleague below, or dial it on the phone.</source>
        <translation>На внутренние номера отсюда не позвонить: выберите коллегу ниже или наберите на телефоне.</translation>
    </message>
    <message>
        <source>The number is too short: the area code may be missing.</source>
        <translation>Номер слишком короткий: возможно, нет кода города.</translation>
    </message>
    <message>
        <source>The number is too long: digits may have been pasted twice.</source>
        <translation>Номер слишком длинный: возможно, цифры вставлены дважды.</translation>
    </message>
    <message>
        <source>This is no number, and nobody has this name.</source>
        <translation>Это не номер, и никого с таким именем нет.</translation>
    </message>
    <message>
        <source>There are two numbers here. Leave one of them.</source>
        <translation>Здесь два номера. Оставьте один.</translation>
    </message>
    <message>
        <source>This is one of the company&apos;s own lines; choose another.</source>
        <translation>Это линия самой компании; выберите другой номер.</translation>
    </message>
    <message>
        <source>The keys after the number cannot be read: only digits, * and # can be sent.</source>
        <translation>Клавиши после номера не разобрать: можно отправить только цифры, * и #.</translation>
    </message>
    <message>
        <source>This is needed.</source>
        <translation>Это нужно заполнить.</translation>
    </message>
    <message>
        <source>Only digits, without a plus.</source>
        <translation>Только цифры, без плюса.</translation>
    </message>
    <message>
        <source>The number is too short.</source>
        <translation>Номер слишком короткий.</translation>
    </message>
    <message>
        <source>The number is too long.</source>
        <translation>Номер слишком длинный.</translation>
    </message>
    <message>
        <source>The line would call itself.</source>
        <translation>Линия позвонила бы сама себе.</translation>
    </message>
    <message>
        <source>Only digits, *, # and dots for pauses.</source>
        <translation>Только цифры, *, # и точки для пауз.</translation>
    </message>
    <message>
        <source>Choose incoming or outgoing.</source>
        <translation>Выберите: входящий или исходящий.</translation>
    </message>
    <message>
        <source>The phone system does not know this rule.</source>
        <translation>АТС не знает такого правила.</translation>
    </message>
    <message>
        <source>This way has no such choice.</source>
        <translation>У этого способа такого нет.</translation>
    </message>
    <message>
        <source>Only when our side rings first.</source>
        <translation>Только если первой звонит наша сторона.</translation>
    </message>
    <message>
        <source>Only together with “Connect without hearing messages out”.</source>
        <translation>Только вместе с «Соединять, не дослушивая сообщения».</translation>
    </message>
    <message>
        <source>Has no effect: a spoken text is always heard to its end.</source>
        <translation>Не действует: произнесённый текст всегда звучит до конца.</translation>
    </message>
    <message>
        <source>From {low} to {high}.</source>
        <translation>От {low} до {high}.</translation>
    </message>
    <message>
        <source>Choose a text or a sound.</source>
        <translation>Выберите текст или звук.</translation>
    </message>
    <message>
        <source>Type the text, or choose the sound.</source>
        <translation>Введите текст или выберите звук.</translation>
    </message>
    <message>
        <source>{length} characters are too many: at most {max}.</source>
        <translation>{length} — слишком много знаков: не больше {max}.</translation>
    </message>
    <message>
        <source>Choose a sound of the account, or type its number.</source>
        <translation>Выберите звук из списка или введите его номер.</translation>
    </message>
    <message>
        <source>Whose phone is to ring? Set your employee number in Connect, or choose somebody in the details.</source>
        <translation>На чей телефон звонить? Укажите свой номер сотрудника в «Подключении» или выберите сотрудника в подробностях.</translation>
    </message>
    <message>
        <source>No line to call from: the administrator sets pbx.virtual_phone_number in the settings file.</source>
        <translation>Нет линии для звонка: администратор задаёт pbx.virtual_phone_number в файле настроек.</translation>
    </message>
    <message>
        <source>Which scenario? Choose it in the details, or set pbx.start_scenario_id in the settings file.</source>
        <translation>Какой сценарий? Выберите его в подробностях или задайте pbx.start_scenario_id в файле настроек.</translation>
    </message>
    <message>
        <source>Which phone of ours? Type it in the details, or set pbx.operator_number in the settings file.</source>
        <translation>На какой наш телефон? Введите его в подробностях или задайте pbx.operator_number в файле настроек.</translation>
    </message>
    <message>
        <source>What is to be played? Choose it in the details.</source>
        <translation>Что проиграть? Выберите в подробностях.</translation>
    </message>
    <message>
        <source>Our phone must be a whole number with its country code, e.g. 79261234567: in the details, or pbx.operator_number in the settings file.</source>
        <translation>Наш телефон — полный номер с кодом страны, например 79261234567: в подробностях или в pbx.operator_number файла настроек.</translation>
    </message>
    <message>
        <source>Not called: no connection to the phone system.</source>
        <translation>Звонок не начат: нет связи с АТС.</translation>
    </message>
    <message>
        <source>Not called: not signed in to the phone system. Open Connect.</source>
        <translation>Звонок не начат: нет входа в АТС. Откройте «Подключение».</translation>
    </message>
    <message>
        <source>Not called: the account&apos;s points are used up, more in {resets_in_s} s.</source>
        <translation>Звонок не начат: баллы аккаунта кончились, новые через {resets_in_s} с.</translation>
    </message>
    <message>
        <source>Not called again: this number was called a moment ago. Press once more in {again_in_s} s.</source>
        <translation>Второй раз не звоним: на этот номер только что звонили. Нажмите ещё раз через {again_in_s} с.</translation>
    </message>
    <message>
        <source>Not called again: a call to this number is being started.</source>
        <translation>Второй раз не звоним: звонок на этот номер уже начинается.</translation>
    </message>
    <message>
        <source>Not called: nobody knows yet whether the last call to it was started. Answer the question above.</source>
        <translation>Звонок не начат: неизвестно, начался ли прошлый звонок на этот номер. Ответьте на вопрос вверху окна.</translation>
    </message>
    <message>
        <source>Not called: you already have a call with this number. F2 goes to it.</source>
        <translation>Не звоним: у вас уже есть звонок с этим номером. F2 — перейти к нему.</translation>
    </message>
    <message>
        <source>Not called: a call to this number that you started is still going on. It is in the list.</source>
        <translation>Не звоним: начатый вами звонок на этот номер ещё идёт. Он есть в списке.</translation>
    </message>
    <message>
        <source>Calling {number}…</source>
        <translation>Звоним на {number}…</translation>
    </message>
    <message>
        <source>Calling {number}: accepted, waiting to see it in the list.</source>
        <translation>Звоним на {number}: принято, ждём звонок в списке.</translation>
    </message>
    <message>
        <source>Calling {number}: it is in the list.</source>
        <translation>Звоним на {number}: звонок в списке.</translation>
    </message>
    <message>
        <source>Call to {number}: refused.</source>
        <translation>Звонок на {number}: отказано.</translation>
    </message>
    <message>
        <source>Call to {number}: not sent.</source>
        <translation>Звонок на {number}: не отправлен.</translation>
    </message>
    <message>
        <source>Nobody knows whether the call to {number} was started. Looking for it; it is not sent again.</source>
        <translation>Неизвестно, начался ли звонок на {number}. Ищем его; повторно не отправляем.</translation>
    </message>
    <message>
        <source>The call to {number} was started after all.</source>
        <translation>Звонок на {number} всё же начался.</translation>
    </message>
    <message>
        <source>It could not be found out whether the call to {number} was started. Did it ring?</source>
        <translation>Не удалось узнать, начался ли звонок на {number}. Телефон звонил?</translation>
    </message>
    <message>
        <source>Through</source>
        <translation>Через</translation>
    </message>
    <message>
        <source>Message to the employee</source>
        <translation>Сообщение сотруднику</translation>
    </message>
    <message>
        <source>The contact</source>
        <translation>Клиенту</translation>
    </message>
    <message>
        <source>Our side</source>
        <translation>Нашей стороне</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>Как обычно</translation>
    </message>
    <message>
        <source>Our line</source>
        <translation>Нашу линию</translation>
    </message>
    <message>
        <source>The contact&apos;s number</source>
        <translation>Номер клиента</translation>
    </message>
    <message>
        <source>Incoming</source>
        <translation>Входящим</translation>
    </message>
    <message>
        <source>Outgoing</source>
        <translation>Исходящим</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>Any key</source>
        <translation>Любая</translation>
    </message>
    <message>
        <source>A text, spoken</source>
        <translation>Текст голосом</translation>
    </message>
    <message>
        <source>A sound</source>
        <translation>Звук</translation>
    </message>
    <message>
        <source>too many: {count}</source>
        <translation>лишних: {count}</translation>
    </message>
    <message>
        <source>left: {count}</source>
        <translation>осталось: {count}</translation>
    </message>
    <message>
        <source>New call</source>
        <translation>Новый звонок</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Позвонить</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Подробности</translation>
    </message>
    <message>
        <source>Number or name</source>
        <translation>Номер или имя</translation>
    </message>
    <message>
        <source>A number, or a colleague&apos;s name</source>
        <translation>Номер или имя коллеги</translation>
    </message>
    <message>
        <source>From line</source>
        <translation>С линии</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>Подсказки</translation>
    </message>
    <message>
        <source>Read the lists again</source>
        <translation>Прочитать списки заново</translation>
    </message>
    <message>
        <source>calls: {count}</source>
        <translation>звонков: {count}</translation>
    </message>
    <message>
        <source>{number}, then keys {keys} after the answer</source>
        <translation>{number}, после ответа клавиши {keys}</translation>
    </message>
    <message>
        <source>on the phone with it now: {names}</source>
        <translation>сейчас с ним на линии: {names}</translation>
    </message>
    <message>
        <source>Calling…</source>
        <translation>Звоним…</translation>
    </message>
    <message>
        <source>It rang</source>
        <translation>Звонил</translation>
    </message>
    <message>
        <source>It did not</source>
        <translation>Не звонил</translation>
    </message>
    <message>
        <source>Noted: the call to {number} was started.</source>
        <translation>Учтено: звонок на {number} начался.</translation>
    </message>
    <message>
        <source>Noted: the call to {number} was not started. It can be called again.</source>
        <translation>Учтено: звонок на {number} не начался. Можно позвонить ещё раз.</translation>
    </message>
    <message>
        <source>No number has been called yet.</source>
        <translation>С этого пульта ещё никому не звонили.</translation>
    </message>
    <message>
        <source>{name} (me)</source>
        <translation>{name} (я)</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>free</source>
        <translation>свободен</translation>
    </message>
    <message>
        <source>phone rings</source>
        <translation>звонит телефон</translation>
    </message>
    <message>
        <source>on a call</source>
        <translation>в разговоре</translation>
    </message>
    <message>
        <source>group, members: {count}</source>
        <translation>группа, сотрудников: {count}</translation>
    </message>
    <message>
        <source>Lists from the settings file</source>
        <translation>Списки из файла настроек</translation>
    </message>
    <message>
        <source>Lists of {time}</source>
        <translation>Списки от {time}</translation>
    </message>
    <message>
        <source>{lists}; some could not be read</source>
        <translation>{lists}; часть не прочитана</translation>
    </message>
    <message>
        <source>Account&apos;s lists</source>
        <translation>Списки аккаунта</translation>
    </message>
    <message>
        <source>My status</source>
        <translation>Мой статус</translation>
    </message>
    <message>
        <source>Status not known</source>
        <translation>Статус неизвестен</translation>
    </message>
    <message>
        <source>{name}: setting…</source>
        <translation>{name}: ставим…</translation>
    </message>
    <message>
        <source>Your status is now “{name}”.</source>
        <translation>Ваш статус теперь «{name}».</translation>
    </message>
    <message>
        <source>Your status was not changed to “{name}”. {reason}</source>
        <translation>Статус «{name}» не поставлен. {reason}</translation>
    </message>
    <message>
        <source>on a call for {time}</source>
        <translation>в разговоре {time}</translation>
    </message>
</context>
</TS>
